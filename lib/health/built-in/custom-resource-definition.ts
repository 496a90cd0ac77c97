import { byCondition, conditionsOf, findCondition } from '../conditions.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

/** Health of a CustomResourceDefinition: Healthy as soon as the API server serves it. */
export const customResourceDefinition: Rule = {
  evaluate: (object) => {
    const conditions = conditionsOf(object);
    const terminating = findCondition(conditions, 'Terminating', 'True');
    if (terminating) return byCondition('Progressing', terminating);
    const refused =
      findCondition(conditions, 'NamesAccepted', 'False') ?? findCondition(conditions, 'NonStructuralSchema', 'True');
    if (refused) return byCondition('Degraded', refused);
    if (findCondition(conditions, 'Established', 'True')) return healthy();
    const notServed = findCondition(conditions, 'Established', 'False');
    if (notServed && notServed.reason !== 'Installing') return byCondition('Degraded', notServed);
    return progressing('not established yet', 'NotEstablished');
  },
};
