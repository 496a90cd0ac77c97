// In: the documents of a configuration that has no problem. Out: its rules of health, each with the place where it is written.
import type { ConfigProblem } from '../model/config-problem.ts';
import type { HealthRule } from '../model/health-rule.ts';
import { type FieldPath, valueAt } from './document.ts';
import { problemAt } from './explain.ts';
import type { KindDocument } from './references.ts';
import { customizations, healthRules, rulesIn } from './schema/health.ts';

/** A rule, and the problem that it has if it cannot be read, without its message. */
export type PlacedRule = { readonly rule: HealthRule; readonly place: Omit<ConfigProblem, 'message'> };

const RULES = ['spec', 'health'];
const CUSTOMIZATIONS = ['spec', 'resourceCustomizations'];

/** The rules of all clusters. */
export function placedRules(documents: readonly KindDocument[]): readonly PlacedRule[] {
  return documents.filter(({ kind }) => kind === 'Cluster').flatMap(rulesOf);
}

function rulesOf(document: KindDocument): readonly PlacedRule[] {
  const placed = (rule: HealthRule, path: FieldPath): PlacedRule => ({ rule, place: problemAt(document, path, '') });
  const rules = healthRules.catch([]).parse(valueAt(document, RULES));
  const data = customizations.catch({}).parse(valueAt(document, CUSTOMIZATIONS));
  return [
    ...rules.map((rule, index) => placed(rule, [...RULES, index, rule.lua === undefined ? 'cel' : 'lua'])),
    ...Object.entries(data).flatMap(([key, text]) =>
      rulesIn({ [key]: text }).map((rule) => placed(rule, [...CUSTOMIZATIONS, key])),
    ),
  ];
}
