// In: a cluster's name and the configuration. Out: how its objects are judged where the configuration says so.
import { loadOwnRules, rulesOf } from '../../health/own-rules.ts';
import type { OwnRules } from '../../health/rule.ts';
import { stableHash } from '../../model/stable-hash.ts';
import type { DeclaredProjects } from '../../ports/projects.ts';

export type Judge = {
  readonly rules?: OwnRules;
  /** Another one for other rules; empty without rules. */
  readonly hash: string;
};

/** The rules of a cluster's configuration. */
export async function judgeOf(cluster: string, { clusters }: Pick<DeclaredProjects, 'clusters'>): Promise<Judge> {
  const declared = rulesOf(cluster, clusters);
  const rules = await loadOwnRules(declared);
  return rules === undefined ? { hash: '' } : { rules, hash: stableHash(declared) };
}
