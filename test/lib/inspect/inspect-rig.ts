// What is live of an application that the pipeline has deployed to a cluster in memory, and how people are shown it.

import type { LivePorts } from '../../../lib/api/live-routes.ts';
import { diffHead } from '../../../lib/inspect/diff/diff-head.ts';
import { diffLive } from '../../../lib/inspect/diff/diff-live.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { LogQuery, LogRead } from '../../../lib/ports/inspect.ts';
import { type DriftRig, withDriftRig } from '../drift/drift-rig.ts';

export type InspectRig = DriftRig & {
  readonly live: LivePorts;
  /** What a node answers to a request for a log. */
  answer(log: (query: LogQuery) => LogRead): void;
  readonly logQueries: readonly LogQuery[];
  /** Makes an object as a controller does, owned by another one. */
  own(owner: string, object: KubeObject): KubeObject;
};

export function withInspectRig(): { open(): Promise<InspectRig> } {
  const rigs = withDriftRig();
  return { open: async () => inspectRigOf(await rigs.open()) };
}

function inspectRigOf(rig: DriftRig): InspectRig {
  let answer = (_query: LogQuery): LogRead => ({ status: 'read', text: '' });
  const logQueries: LogQuery[] = [];
  const { cluster, drift, ports } = rig;
  const inspected = {
    uid: () => cluster.uid(),
    kind: cluster.kind.bind(cluster),
    list: cluster.list.bind(cluster),
    get: cluster.get.bind(cluster),
    podLog: async (query: LogQuery) => {
      logQueries.push(query);
      return answer(query);
    },
  };
  const live: LivePorts = {
    ...drift,
    clusters: { inspect: async () => inspected },
    diffLive: (request) => diffLive(request, drift),
    diffHead: (request) => diffHead(request, { ...ports, clock: { sleep: () => new Promise(() => undefined) } }),
  };
  return {
    ...rig,
    live,
    logQueries,
    answer: (log) => {
      answer = log;
    },
    own: (owner, object) => {
      const { apiVersion, kind, metadata } = cluster.find(owner);
      const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
      cluster.put({ ...object, metadata: { ...object.metadata, namespace: 'store', ownerReferences: [reference] } });
      return cluster.find(`${object.kind}/store/${object.metadata.name}`);
    },
  };
}

/** A Pod that runs. */
export function runningPod(name: string, ...containers: readonly string[]): KubeObject {
  const all = containers.length === 0 ? ['web'] : containers;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: all.map((container) => ({ name: container, image: 'a' })) },
    status: {
      phase: 'Running',
      containerStatuses: all.map((container) => ({ name: container, ready: true, restartCount: 0 })),
    },
  };
}

/** A Pod whose container does not stay up. */
export function crashingPod(name: string): KubeObject {
  const waiting = { reason: 'CrashLoopBackOff' };
  const containerStatuses = [{ name: 'web', ready: false, restartCount: 3, state: { waiting } }];
  return { ...runningPod(name), status: { phase: 'Running', containerStatuses } };
}

export function replicaSet(name: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: { replicas: 1 },
    status: { readyReplicas: 1 },
  };
}
