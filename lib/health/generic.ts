import { firstMet, type Step } from './by-conditions.ts';
import { byCondition, conditionsOf } from './conditions.ts';
import { healthy, type Rule } from './rule.ts';

const STEPS: readonly Step[] = [
  ['Reconciling=True', 'Progressing'],
  ['Stalled=True', 'Degraded'],
  ['Ready=True', 'Healthy'],
];

/**
 * Health of any other kind by the rules of kstatus. `Ready=False` is Progressing, since most controllers start there, with their
 * message. Without a `Ready` condition an object is Healthy as soon as it exists: nothing indicates that a controller works on it.
 */
export const generic: Rule = {
  evaluate: (object) => {
    const conditions = conditionsOf(object);
    const ready = conditions.find((c) => c.type === 'Ready');
    return firstMet(STEPS, conditions) ?? (ready ? byCondition('Progressing', ready) : healthy());
  },
};
