import type { Health, HealthStatus } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { byCondition, type Condition, conditionsOf } from './conditions.ts';
import { type HealthContext, hasJustBegun, healthy, progressing, type Rule } from './rule.ts';

/**
 * A condition with its status, or also its reason, and the resulting health: `['Ready=False', 'Degraded']`, `['Ready=False:Creating', 'Progressing']`. What is
 * `lasting` is Progressing for the first minutes.
 */
export type Step = readonly [
  condition: `${string}=${'True' | 'False' | 'Unknown' | 'Degraded'}${'' | `:${string}`}`,
  status: HealthStatus,
  when?: 'lasting',
];

/** A rule that needs only conditions: the first step that matches decides; without a match the object is Progressing. */
export function byConditions(waitingFor: string, ...steps: readonly Step[]): Rule {
  return {
    evaluate: (object, context) => firstMet(steps, conditionsOf(object), context) ?? waiting(waitingFor, steps, object),
  };
}

/** Health by the first step that matches; undefined without a match. */
export function firstMet(
  steps: readonly Step[],
  conditions: readonly Condition[],
  context: HealthContext = {},
): Health | undefined {
  for (const [expected, status, when] of steps) {
    const met = conditions.find((c) => isMet(c, expected));
    if (met === undefined) continue;
    if (status === 'Healthy') return healthy();
    const isYoung = when === 'lasting' && hasJustBegun(met.lastTransitionTime, context);
    return byCondition(isYoung ? 'Progressing' : status, met);
  }
  return undefined;
}

function isMet({ type, status, reason }: Condition, expected: string): boolean {
  return expected === `${type}=${status}` || expected === `${type}=${status}:${reason}`;
}

/** What an object without any of the conditions waits for: what one of them says, else the given words. */
export function waiting(waitingFor: string, steps: readonly Step[], object: KubeObject): Health {
  const open = conditionsOf(object).find((c) => c.message !== '' && steps.some(([s]) => s.startsWith(`${c.type}=`)));
  return open ? byCondition('Progressing', open) : progressing(waitingFor, 'Waiting');
}
