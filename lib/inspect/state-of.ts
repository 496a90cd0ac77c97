// In: a live object. Out: what of its status people look at first, in a few words; nothing of other kinds. Pure.

import { fieldAt, listAt, numberAt, textAt } from '../model/field-at.ts';
import { idOf, type KubeObject, kindKey } from '../model/kube-object.ts';

const STATES: Readonly<Record<string, (object: KubeObject) => string | undefined>> = {
  '/Pod': podState,
  'apps/Deployment': (object) => ready(object, 'spec', 'replicas'),
  'apps/ReplicaSet': (object) => ready(object, 'spec', 'replicas'),
  'apps/StatefulSet': (object) => ready(object, 'spec', 'replicas'),
  'apps/DaemonSet': (object) =>
    `${numberAt(object, 'status', 'numberReady')}/${numberAt(object, 'status', 'desiredNumberScheduled')}`,
  '/PersistentVolumeClaim': claimState,
  'batch/Job': jobState,
  'discovery.k8s.io/EndpointSlice': (object) => `${listAt(object, 'endpoints').length} endpoints`,
};

/** `{state: "1/1 Running, 3 restarts"}`. */
export function stateOf(object: KubeObject): { readonly state?: string } {
  const state = STATES[kindKey(idOf(object))]?.(object);
  return state === undefined ? {} : { state };
}

function ready(object: KubeObject, ...wanted: readonly string[]): string {
  return `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, ...wanted)}`;
}

function podState(pod: KubeObject): string {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const readyOnes = statuses.filter((status) => fieldAt(status, 'ready') === true).length;
  const restarts = statuses.reduce<number>((sum, status) => sum + numberAt(status, 'restartCount'), 0);
  const phase = textAt(pod, 'status', 'phase') ?? 'Pending';
  const waiting = statuses.map((status) => textAt(status, 'state', 'waiting', 'reason')).find((reason) => reason);
  const word = pod.metadata.deletionTimestamp === undefined ? (waiting ?? phase) : 'Terminating';
  const again = restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  return `${readyOnes}/${listAt(pod, 'spec', 'containers').length} ${word}${again}`;
}

function claimState(claim: KubeObject): string | undefined {
  const size = textAt(claim, 'status', 'capacity', 'storage');
  const phase = textAt(claim, 'status', 'phase');
  return phase === undefined ? undefined : [phase, ...(size === undefined ? [] : [size])].join(' ');
}

function jobState(job: KubeObject): string {
  const failed = numberAt(job, 'status', 'failed');
  const wanted = numberAt(job, 'spec', 'completions') || 1;
  return `${numberAt(job, 'status', 'succeeded')}/${wanted}${failed === 0 ? '' : `, ${failed} failed`}`;
}
