import type { KubeObject } from '../../model/kube-object.ts';
import { byCondition, type Condition, conditionsOf, findCondition, readConditions } from '../conditions.ts';
import { hasJustBegun, healthy, progressing, type Rule } from '../rule.ts';

/** autoscaling/v1 stores here, as JSON, what later versions have in `status.conditions`. */
const CONDITIONS_ANNOTATION = 'autoscaling.alpha.kubernetes.io/conditions';

const CANNOT_SCALE = ['FailedGetScale', 'FailedUpdateScale', 'InvalidSelector'];

/** The target has 0 replicas, which switches the autoscaler off. */
const SWITCHED_OFF = 'ScalingDisabled';

/** Health of a HorizontalPodAutoscaler of any version. New pods have no metrics for about a minute; their absence is a failure only if it lasts. */
export const horizontalPodAutoscaler: Rule = {
  evaluate: (object, context) => {
    const conditions = autoscalerConditions(object);
    const failure = conditions.find((c) => CANNOT_SCALE.includes(c.reason));
    if (failure) return byCondition('Degraded', failure);
    const blind = conditions.find(
      (c) => c.type === 'ScalingActive' && c.status === 'False' && c.reason !== SWITCHED_OFF,
    );
    if (blind) return byCondition(hasJustBegun(blind.lastTransitionTime, context) ? 'Progressing' : 'Degraded', blind);
    const able =
      findCondition(conditions, 'AbleToScale', 'True') ?? findCondition(conditions, 'ScalingLimited', 'True');
    return able ? healthy() : progressing('the autoscaler has not evaluated its target yet', 'NotEvaluated');
  },
};

function autoscalerConditions(object: KubeObject): readonly Condition[] {
  const annotation = object.metadata.annotations?.[CONDITIONS_ANNOTATION];
  if (annotation === undefined) return conditionsOf(object);
  const list: unknown = JSON.parse(annotation);
  return readConditions(Array.isArray(list) ? list : [], 0);
}
