// In: an object as the API server returned it. Out: its health. Never throws: an object that cannot be evaluated is Unknown, with the reason.
import { ZodError } from 'zod';
import { ANNOTATIONS, meaningIn } from '../dialects/annotations.ts';
import { matchesGlob } from '../model/glob.ts';
import type { Health } from '../model/health.ts';
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { cronJob } from './built-in/cron-job.ts';
import { customResourceDefinition } from './built-in/custom-resource-definition.ts';
import { daemonSet } from './built-in/daemon-set.ts';
import { deployment } from './built-in/deployment.ts';
import { horizontalPodAutoscaler } from './built-in/horizontal-pod-autoscaler.ts';
import { job } from './built-in/job.ts';
import { ingress, service } from './built-in/load-balanced.ts';
import { namespace } from './built-in/namespace.ts';
import { persistentVolumeClaim } from './built-in/persistent-volume-claim.ts';
import { pod } from './built-in/pod.ts';
import { podDisruptionBudget } from './built-in/pod-disruption-budget.ts';
import { replicaSet } from './built-in/replica-set.ts';
import { statefulSet } from './built-in/stateful-set.ts';
import { generationOf, newestObservation, notObserved, observedGenerationOf } from './conditions.ts';
import { argoApplication } from './custom-resources/argo-application.ts';
import { argoRollout } from './custom-resources/argo-rollout.ts';
import { argoWorkflow } from './custom-resources/argo-workflow.ts';
import { CONDITION_RULES, GROUP_RULES } from './custom-resources/condition-rules.ts';
import { externalSecret } from './custom-resources/external-secret.ts';
import { helmRepository } from './custom-resources/flux.ts';
import { gateway, route } from './custom-resources/gateway.ts';
import { STATUS_RULES } from './custom-resources/table/table.ts';
import { generic } from './generic.ts';
import { type HealthContext, progressing, type Rule, unknown } from './rule.ts';

/** One rule for each group and kind; the core group is ''. */
const RULES: Readonly<Record<string, Rule>> = {
  '/Namespace': namespace,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Pod': pod,
  '/ReplicationController': replicaSet,
  '/Service': service,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'apps/DaemonSet': daemonSet,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'argoproj.io/Application': argoApplication,
  'argoproj.io/Rollout': argoRollout,
  'argoproj.io/Workflow': argoWorkflow,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscaler,
  'batch/CronJob': cronJob,
  'batch/Job': job,
  'extensions/Ingress': ingress,
  'external-secrets.io/ExternalSecret': externalSecret,
  'gateway.networking.k8s.io/Gateway': gateway,
  'gateway.networking.k8s.io/GRPCRoute': route,
  'gateway.networking.k8s.io/HTTPRoute': route,
  'gateway.networking.k8s.io/TCPRoute': route,
  'gateway.networking.k8s.io/TLSRoute': route,
  'gateway.networking.k8s.io/UDPRoute': route,
  'networking.k8s.io/Ingress': ingress,
  'policy/PodDisruptionBudget': podDisruptionBudget,
  'source.toolkit.fluxcd.io/HelmRepository': helmRepository,
  ...CONDITION_RULES,
  ...STATUS_RULES,
};

/** Rules for all other kinds of a group, or of the groups that a star stands for. */
const WHOLE_GROUPS = Object.entries(RULES).flatMap(([key, rule]) =>
  key.endsWith('/*') ? [{ group: key.slice(0, -2), rule }] : [],
);

/** Every kind with its own rule, for the test that compares them with docs/health.md. */
export const RULE_KINDS: readonly string[] = [
  ...Object.keys(RULES),
  ...GROUP_RULES.map(({ groups }) => `*${groups}/*`),
];

/** Messages of controllers may be long, and a termination message is whatever the program wrote. */
const MAX_MESSAGE_LENGTH = 300;

/** Evaluates one object; a kind without a rule is evaluated by its conditions, and is Healthy where it has none. */
export function healthOf(object: KubeObject, context: HealthContext = {}): Health {
  try {
    const health = evaluate(withoutNulls(object), context);
    return { ...health, message: firstLine(health.message) };
  } catch (error) {
    return unknown(firstLine(`${object.kind} has an unexpected shape: ${shapeError(error)}`), 'UnexpectedShape');
  }
}

/** Whether the controller has observed the current object, as far as its status shows. */
export function isObserved(object: KubeObject): boolean {
  return !isOutdated(object, ruleOf(object));
}

/** Whether an annotation excludes an object from the health of its application. */
export function isHealthIgnored(object: KubeObject): boolean {
  return meaningIn(object, ANNOTATIONS.ignoreHealth) === 'yes';
}

function evaluate(object: KubeObject, context: HealthContext): Health {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp !== undefined)
    return progressing(
      `being deleted${finalizers.length > 0 ? `; held by the finalizers ${finalizers.join(', ')}` : ''}`,
      'BeingDeleted',
    );
  const own = context.rules?.(object);
  if (own !== undefined && !own.readsGeneration && isOutdated(object, generic)) return notObserved;
  const judged = own?.judge(object, context);
  if (judged !== undefined) return judged;
  const rule = ruleOf(object);
  const early = rule.early?.(object);
  if (early) return early;
  return isOutdated(object, rule) ? notObserved : rule.evaluate(object, context);
}

function ruleOf({ apiVersion, kind }: KubeObject): Rule {
  const group = groupOf(apiVersion);
  const own = RULES[`${group}/${kind}`];
  if (own) return own;
  const shared = GROUP_RULES.find(({ groups, except }) => group.endsWith(groups) && !except.includes(kind));
  return shared?.rule ?? WHOLE_GROUPS.find((whole) => matchesGlob(whole.group, group))?.rule ?? generic;
}

function isOutdated(object: KubeObject, { observes }: Rule): boolean {
  if (observes && object.status === undefined) return true;
  const observed = observedGenerationOf(object) ?? newestObservation(object) ?? (observes ? 0 : undefined);
  return observed !== undefined && observed < generationOf(object);
}

/** For Kubernetes a null field is absent. */
function withoutNulls<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, field: unknown) => (field === null ? undefined : field));
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : line;
}

function shapeError(error: unknown): string {
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    return `${issue?.path.join('.')}: ${issue?.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
