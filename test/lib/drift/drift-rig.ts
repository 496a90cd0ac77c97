// Scans on what the pipeline has deployed: the real state store on a table in memory, everything else a fake.
import { formatFieldChange } from '../../../lib/diff/format.ts';
import { scanAll } from '../../../lib/drift/scan-all.ts';
import type { ClusterScan, DriftPorts, ScanOptions } from '../../../lib/drift/scan-ports.ts';
import type { Application, DriftOptions, SyncOptions } from '../../../lib/model/application.ts';
import type { DriftRecord } from '../../../lib/model/drift.ts';
import { formatRef, type KubeObject } from '../../../lib/model/kube-object.ts';
import type { Notification } from '../../../lib/model/notification.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import type { MetricName } from '../../../lib/ports/runtime.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { type Rig, withRig } from '../sync/rig.ts';

export type DriftRig = Rig & {
  readonly drift: DriftPorts;
  readonly told: readonly Notification[];
  readonly metrics: readonly Readonly<Partial<Record<MetricName, number>>>[];
  /** What makes the status of an object, unless the cluster is given another controller. */
  controller(object: KubeObject): unknown;
  /** Sets how drift of the application is handled. */
  handle(drift: DriftOptions): Promise<void>;
  scan(options?: ScanOptions): Promise<ClusterScan>;
  /** The requests to the cluster of one scan. */
  requestsOfScan(): Promise<readonly string[]>;
  record(): Promise<DriftRecord | undefined>;
  /** `ConfigMap/store/a modified: data.value: 2 → 1`, a line for each drifted object. */
  drifted(): Promise<readonly string[]>;
};

export function withDriftRig(): { open(sync?: Partial<SyncOptions>): Promise<DriftRig> } {
  const rigs = withRig();
  return { open: async (sync) => driftRigOf(await rigs.open(sync)) };
}

function driftRigOf(rig: Rig): DriftRig {
  const controller = (object: KubeObject): unknown =>
    object.kind === 'Deployment' ? rolledOut(object) : object.status;
  rig.cluster.controller = controller;
  const told: Notification[] = [];
  const metrics: Readonly<Partial<Record<MetricName, number>>>[] = [];
  const { clusters, blobs, operations, clock, log, deployer } = rig.ports;
  const drift: DriftPorts = {
    clusters,
    projects: rig.projects,
    state: rig.state,
    blobs,
    operations,
    clock,
    log,
    deployer,
    outbox: outboxOf(rig.state, { log, notify: async (notification) => void told.push(notification) }),
    metrics: { put: (values) => void metrics.push(values) },
  };
  const record = (): Promise<DriftRecord | undefined> => rig.state.drift('shop');
  const scan = async (options: ScanOptions = {}): Promise<ClusterScan> => {
    const { clusters: scans } = await scanAll(options, drift);
    const [only] = scans;
    if (only === undefined) throw new Error('no cluster was scanned');
    return only;
  };
  return {
    ...rig,
    drift,
    told,
    metrics,
    controller,
    handle: async (options) => {
      const app: Application | undefined = (await rig.state.application('shop'))?.app;
      if (app === undefined) throw new Error('the application is not configured');
      const next = { ...app, drift: options };
      await rig.state.putApplication(next, specHash(next));
    },
    scan,
    requestsOfScan: async () => {
      rig.requests();
      await scan();
      return rig.requests();
    },
    record,
    drifted: async () =>
      ((await record())?.objects ?? []).map(({ id, drift: kind, fields }) => {
        const changes = fields.map(formatFieldChange).join(', ');
        return `${formatRef(id)} ${kind}${changes === '' ? '' : `: ${changes}`}`;
      }),
  };
}

export function configMap(name: string, value = '1', metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data: { value } };
}

export function deployment(name: string, replicas = 1): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas } };
}

/** The status of a Deployment with as many available pods; by default with all of them. */
export function available(object: KubeObject, count?: number): object {
  const { replicas = 1 } = { ...(object.spec as { replicas?: number }) };
  const { generation: observedGeneration = 1 } = object.metadata;
  return { observedGeneration, replicas, updatedReplicas: replicas, availableReplicas: count ?? replicas };
}

/** What its controller makes of a Deployment that has another status. */
function rolledOut(object: KubeObject): unknown {
  const { observedGeneration } = { ...(object.status as { observedGeneration?: number }) };
  return observedGeneration === object.metadata.generation ? object.status : available(object);
}

/** The object as it is in the namespace of the application. */
export function inStore(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: 'store' } };
}
