import { byCondition, conditionsOf } from '../conditions.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

/** Health of a PodDisruptionBudget: to allow no disruption at the moment is its purpose, not a failure. */
export const podDisruptionBudget: Rule = {
  evaluate: (object) => {
    const conditions = conditionsOf(object);
    const failure = conditions.find((c) => c.status === 'False' && c.reason !== 'InsufficientPods');
    if (failure) return byCondition('Degraded', failure);
    if (conditions.some((c) => c.status === 'Unknown') || conditions.length === 0)
      return progressing('the budget is not computed yet', 'NotComputed');
    return healthy();
  },
};
