// In: a workload, its pods and, for a Deployment, its ReplicaSets, as listed. Out: its health, with what only the pods show: why the rollout
// cannot succeed, or what it waits for. Never throws.
import { z } from 'zod';
import { badness, type Health } from '../model/health.ts';
import { groupOf, type KubeObject, kindKey } from '../model/kube-object.ts';
import { cannotStart } from './built-in/pod.ts';
import { healthOf, isObserved } from './health.ts';
import type { HealthContext } from './rule.ts';

/** What a workload is evaluated by. All may be of a whole namespace: objects of other owners are ignored. */
export type WorkloadView = {
  readonly workload: KubeObject;
  readonly pods: readonly KubeObject[];
  /** Needed for a Deployment alone; their metadata is enough. */
  readonly replicaSets?: readonly KubeObject[];
};

/** The pods of the workload's current revision. */
type NewPods = (view: WorkloadView) => readonly KubeObject[];

const NEW_PODS: Readonly<Record<string, NewPods>> = {
  'apps/Deployment': ({ workload, pods, replicaSets = [] }) => {
    const newest = ownedBy(workload, replicaSets).reduce<KubeObject | undefined>(newer, undefined);
    return newest ? ownedBy(newest, pods) : [];
  },
  'apps/StatefulSet': (view) => withLabel(view, 'controller-revision-hash', updateRevisionOf(view.workload)),
  'apps/DaemonSet': (view) =>
    withLabel(
      view,
      'pod-template-generation',
      view.workload.metadata.annotations?.['deprecated.daemonset.template.generation'],
    ),
  'apps/ReplicaSet': ({ workload, pods }) => ownedBy(workload, pods),
  '/ReplicationController': ({ workload, pods }) => ownedBy(workload, pods),
  'batch/Job': ({ workload, pods }) => ownedBy(workload, pods),
};

const Selector = z.object({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});

/**
 * The label selector of a workload's pods, and of a Deployment's ReplicaSets; undefined for a kind that is not evaluated by its pods. All are
 * in the workload's namespace.
 */
export function podSelectorOf(workload: KubeObject): string | undefined {
  const key = keyOf(workload);
  if (!Object.hasOwn(NEW_PODS, key)) return undefined;
  const spec = z.object({ selector: z.unknown().optional() }).safeParse(workload.spec);
  const selector = key === '/ReplicationController' ? { matchLabels: spec.data?.selector } : spec.data?.selector;
  const parsed = Selector.safeParse(selector);
  if (!parsed.success) return undefined;
  const labels = Object.entries(parsed.data.matchLabels).map(([name, value]) => `${name}=${value}`);
  const text = [...labels, ...parsed.data.matchExpressions.map(requirement)].join(',');
  return text === '' ? undefined : text;
}

/**
 * Health of a workload together with its pods. Pods count only while the workload progresses or is degraded, once the controller has observed it, and never make it
 * better; pods of earlier revisions never count, so that a broken revision cannot make its own fix fail.
 */
export function rolloutHealth(view: WorkloadView, context: HealthContext = {}): Health {
  const { workload } = view;
  const own = healthOf(workload, context);
  const newPods = NEW_PODS[keyOf(workload)];
  const isUnderWay =
    (own.status === 'Progressing' || own.status === 'Degraded') &&
    workload.metadata.deletionTimestamp === undefined &&
    isObserved(workload);
  if (newPods === undefined || !isUnderWay) return own;
  const pods = newPods(view).filter(isStaying);
  const seen = keyOf(workload) === 'batch/Job' ? jobHealth(own, pods) : podsHealth(own, pods, view, context);
  return badness(seen) < badness(own) ? own : seen;
}

/** A Job has its own limit for crashes and failed pods; a pod that cannot start never reaches it. */
function jobHealth(own: Health, pods: readonly KubeObject[]): Health {
  const stuck = pods.find(cannotStart);
  return stuck ? degradedBy(stuck, healthOf(stuck)) : own;
}

function podsHealth(own: Health, pods: readonly KubeObject[], view: WorkloadView, context: HealthContext): Health {
  const evaluated = livingOf(pods).map((pod) => ({ pod, health: healthOf(pod, context) }));
  const failed = evaluated.find(({ health }) => health.status === 'Degraded');
  if (failed) return degradedBy(failed.pod, failed.health);
  const unscheduled = evaluated.find(({ pod, health }) => health.status === 'Progressing' && !isScheduled(pod));
  if (unscheduled)
    return {
      ...unscheduled.health,
      message: `${own.message}; ${named(unscheduled.pod, unscheduled.health.message)}`,
    };
  return blockedByOldPod(own, view, context) ?? own;
}

/** Controllers replace failed pods, such as evicted ones; they count only where there are no others. */
function livingOf(pods: readonly KubeObject[]): readonly KubeObject[] {
  const living = pods.filter(({ status }) => !z.object({ phase: z.literal('Failed') }).safeParse(status).success);
  return living.length > 0 ? living : pods;
}

/** A StatefulSet does not replace a pod that never became ready: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback */
function blockedByOldPod(own: Health, view: WorkloadView, context: HealthContext): Health | undefined {
  if (keyOf(view.workload) !== 'apps/StatefulSet') return undefined;
  const revision = updateRevisionOf(view.workload);
  const old = ownedBy(view.workload, view.pods).filter(
    (p) => p.metadata.labels?.['controller-revision-hash'] !== revision,
  );
  for (const pod of old.filter(isStaying)) {
    const health = healthOf(pod, context);
    if (health.status !== 'Degraded') continue;
    const { message } = own;
    const sentence = `${message}; waiting for ${named(pod, health.message)}; delete this old pod if it does not recover`;
    return { ...health, status: 'Progressing', message: sentence };
  }
  return undefined;
}

function withLabel({ workload, pods }: WorkloadView, label: string, value: string | undefined): readonly KubeObject[] {
  if (value === undefined) return [];
  return ownedBy(workload, pods).filter(({ metadata }) => metadata.labels?.[label] === value);
}

/** An owner is in the namespace of what it owns; elsewhere anyone may write its uid into an object. */
function ownedBy({ metadata: { uid, namespace } }: KubeObject, objects: readonly KubeObject[]): readonly KubeObject[] {
  if (uid === undefined) return [];
  return objects.filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
}

function newer(a: KubeObject | undefined, b: KubeObject): KubeObject {
  return a === undefined || revisionOf(b) > revisionOf(a) ? b : a;
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

function updateRevisionOf({ status }: KubeObject): string | undefined {
  return z.object({ updateRevision: z.string() }).safeParse(status).data?.updateRevision;
}

function isStaying({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

function isScheduled({ spec }: KubeObject): boolean {
  return z.object({ nodeName: z.string().min(1) }).safeParse(spec).success;
}

/** A workload's health by one of its pods that cannot run, with that pod's reason. */
function degradedBy(pod: KubeObject, health: Health): Health {
  return { ...health, status: 'Degraded', message: named(pod, health.message) };
}

function named({ metadata: { name } }: KubeObject, message: string): string {
  return `Pod ${name}: ${message}`;
}

function requirement({ key, operator, values }: z.infer<typeof Selector>['matchExpressions'][number]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values.join(',')})`;
}

function keyOf({ apiVersion, kind }: KubeObject): string {
  return kindKey({ group: groupOf(apiVersion), kind });
}
