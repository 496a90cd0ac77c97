import { conditionsOf, explain } from './conditions.ts';
import { degraded, healthy, progressing, type Rule } from './rule.ts';

/** Health of a PodDisruptionBudget: that it allows no disruption right now is its work, not a failure. */
export const podDisruptionBudget: Rule = {
  judge: (object) => {
    const conditions = conditionsOf(object);
    const failure = conditions.find((c) => c.status === 'False' && c.reason !== 'InsufficientPods');
    if (failure) return degraded(explain(failure));
    if (conditions.some((c) => c.status === 'Unknown') || conditions.length === 0)
      return progressing('the budget is not computed yet');
    return healthy();
  },
};
