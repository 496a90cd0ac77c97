// Worlds in which health changes after a deployment.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { ObservedHealth } from '../../../lib/model/observed-health.ts';
import { statusOf } from '../sync/rig.ts';
import { available, type DriftRig, deployment, inStore } from './drift-rig.ts';

const WEB = 'Deployment/store/web';

export async function health(rig: DriftRig): Promise<ObservedHealth | undefined> {
  return (await rig.record())?.health;
}

/** The pods of the Deployment `web`, of which `count` are available; each of the others has this container status. */
export function pods(
  rig: DriftRig,
  count: number,
  waiting?: { readonly reason: string; readonly message: string },
): void {
  const live = rig.cluster.find(WEB);
  rig.cluster.edit(WEB, () => ({ ...live, status: available(live, count) }));
  const owned = (uid: string | undefined, name: string, kind: string) => ({
    name,
    namespace: 'store',
    labels: { app: 'web' },
    ownerReferences: [{ uid: uid ?? '', kind: kind, name: 'x', apiVersion: 'apps/v1', controller: true }],
  });
  rig.cluster.put({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...owned(live.metadata.uid, 'web-1', 'Deployment') },
    spec: {},
  });
  const { uid } = rig.cluster.find('ReplicaSet/store/web-1').metadata;
  const containerStatuses = [
    { name: 'api', ready: waiting === undefined, restartCount: 5, state: waiting ? { waiting } : { running: {} } },
  ];
  rig.cluster.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: owned(uid, 'web-1-a', 'ReplicaSet'),
    spec: { nodeName: 'node' },
  });
  const conditions = [{ type: 'Ready', status: waiting ? 'False' : 'True' }];
  const status = { phase: 'Running', conditions, containerStatuses };
  rig.cluster.edit('Pod/store/web-1-a', (pod) => ({ ...pod, status }));
}

export function web(): KubeObject {
  return { ...deployment('web'), spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } } };
}

export const CRASH = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' };

/** The controller reports what each widget's value says. */
export function withWidgets(rig: DriftRig): DriftRig {
  const { controller } = rig;
  rig.cluster.controller = (object) => {
    const { value } = { value: '', ...(object.spec as object) };
    const isNew = object.status === undefined || (object.status as { of?: string }).of !== value;
    if (isNew && (value === 'Ready' || value === 'Stalled' || value === 'Reconciling'))
      return { ...statusOf(value, object, `it is ${value}`), of: value };
    return controller(object);
  };
  return rig;
}

export function labelled(object: KubeObject): KubeObject {
  const labels = { 'driftless.dev/app': 'shop', 'driftless.dev/deployer': 'test' };
  return inStore({ ...object, metadata: { ...object.metadata, labels } });
}
