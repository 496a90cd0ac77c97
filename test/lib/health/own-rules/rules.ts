import { healthOf } from '../../../../lib/health/health.ts';
import { loadOwnRules } from '../../../../lib/health/own-rules.ts';
import type { Health } from '../../../../lib/model/health.ts';
import type { HealthRule } from '../../../../lib/model/health-rule.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { kind } from '../objects.ts';

/** Makes objects of a kind that has no rule of ours. */
export const widget = kind('acme.example/v1', 'Widget');

/** The health of an object by one rule for all kinds. */
export async function judgedBy(program: Pick<HealthRule, 'cel' | 'lua'>, object: KubeObject): Promise<Health> {
  return judgedByAll([{ group: '*', kind: '*', ...program }], object);
}

/** The health of an object by rules, as at noon of 1 June 2026. */
export async function judgedByAll(rules: readonly HealthRule[], object: KubeObject): Promise<Health> {
  const loaded = await loadOwnRules(rules);
  return healthOf(object, { now: Date.UTC(2026, 5, 1, 12), ...(loaded && { rules: loaded }) });
}
