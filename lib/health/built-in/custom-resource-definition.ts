import { conditionsOf, explain, findCondition } from '../conditions.ts';
import { degraded, healthy, progressing, type Rule } from '../rule.ts';

/** Health of a CustomResourceDefinition: Healthy as soon as the API server serves it. */
export const customResourceDefinition: Rule = {
  evaluate: (object) => {
    const conditions = conditionsOf(object);
    const terminating = findCondition(conditions, 'Terminating', 'True');
    if (terminating) return progressing(explain(terminating));
    const refused =
      findCondition(conditions, 'NamesAccepted', 'False') ?? findCondition(conditions, 'NonStructuralSchema', 'True');
    if (refused) return degraded(explain(refused));
    if (findCondition(conditions, 'Established', 'True')) return healthy();
    const notServed = findCondition(conditions, 'Established', 'False');
    if (notServed && notServed.reason !== 'Installing') return degraded(explain(notServed));
    return progressing('not established yet');
  },
};
