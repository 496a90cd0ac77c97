import { groupOf, type KubeObject } from '../model/kube-object.ts';

/** Kinds that set the number of replicas of what their `spec.scaleTargetRef` names. */
const AUTOSCALERS = ['autoscaling/HorizontalPodAutoscaler', 'keda.sh/ScaledObject'];

/** Managers that change replicas through the scale subresource for an autoscaler; a person with kubectl is `kubectl`. */
const SCALING_MANAGERS = ['kube-controller-manager', 'horizontal-pod-autoscaler', 'keda-operator', 'keda'];

/** The objects that autoscalers among these scale, as `scaledKey` names them. */
export function scaledBy(objects: readonly KubeObject[]): ReadonlySet<string> {
  const targets = objects.filter(isAutoscaler).flatMap(({ spec, metadata: { namespace } }) => {
    const target = fieldsOf(fieldsOf(spec)['scaleTargetRef']);
    if (typeof target['name'] !== 'string') return [];
    return [scaledKey({ kind: String(target['kind'] ?? 'Deployment'), namespace, name: target['name'] })];
  });
  return new Set(targets);
}

/** A name for what can be scaled; no two groups share the name of such a kind. */
export function scaledKey({
  kind,
  namespace = '',
  name,
}: {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}): string {
  return `${kind}/${namespace}/${name}`;
}

/** Whether an autoscaler owns the number of replicas of a live object. */
export function isScaledLive({ metadata: { managedFields = [] } }: KubeObject): boolean {
  return managedFields.some(
    ({ manager = '', subresource, fieldsV1 }) =>
      subresource === 'scale' &&
      SCALING_MANAGERS.includes(manager) &&
      fieldsOf(fieldsV1?.['f:spec'])['f:replicas'] !== undefined,
  );
}

function isAutoscaler({ apiVersion, kind }: KubeObject): boolean {
  return AUTOSCALERS.includes(`${groupOf(apiVersion)}/${kind}`);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
