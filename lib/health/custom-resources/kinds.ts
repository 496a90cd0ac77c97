import type { Rule } from '../rule.ts';

/** Rules by `group/Kind`; a kind of `*` stands for all kinds of the group that have no rule of their own. */
export type KindTable = Readonly<Record<string, Rule>>;

/** One rule for several kinds of a group, their names parted by blanks. */
export function kinds(group: string, names: string, rule: Rule): KindTable {
  return Object.fromEntries(names.split(' ').map((name) => [`${group}/${name}`, rule]));
}
