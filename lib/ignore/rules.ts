// In: the rules of an application, and one object. Out: the fields of it that do not count. Rules name fields, managers or both: a field counts unless a rule
// names it and, where the rule names managers, one of them owns it.
import type { IgnoreRule } from '../model/application.ts';
import { parseFieldPath } from '../model/field-path.ts';
import { matchesGlob } from '../model/glob.ts';
import type { KubeObject, ObjectId } from '../model/kube-object.ts';
import { isScaledLive, scaledKey } from './autoscaled.ts';
import { BUILT_IN_RULES, type BuiltInRule } from './built-in.ts';

/** Of one object: the fields that never count, and those that do not count where certain managers own them. */
export type Ignored = {
  readonly fields: readonly (readonly string[])[];
  readonly managers: readonly {
    readonly names: readonly string[];
    /** Undefined: every field that they own. */
    readonly fields: readonly (readonly string[])[] | undefined;
  }[];
};

export type IgnoreContext = {
  readonly rules: readonly IgnoreRule[];
  /** The objects that autoscalers of the application scale; see `scaledBy`. */
  readonly scaled: ReadonlySet<string>;
};

/** The fields that do not count of an object that is live. */
export function ignoredOf(id: ObjectId, live: KubeObject, { rules, scaled }: IgnoreContext): Ignored {
  const own = rules.filter((rule) => appliesTo(rule, id));
  const builtIn = BUILT_IN_RULES.filter((rule) => appliesTo(rule, id) && holds(rule, { id, live, scaled }));
  const always = own.filter(({ managers }) => managers === undefined);
  return {
    fields: [...always, ...builtIn].flatMap(stepsOf),
    managers: own.flatMap((rule) =>
      rule.managers === undefined
        ? []
        : [{ names: rule.managers, fields: rule.fields === undefined ? undefined : stepsOf(rule) }],
    ),
  };
}

/** The fields that the application's own rules ignore, whichever manager owns them: they stay as they are live. */
export function respectedFields(id: ObjectId, { rules }: IgnoreContext): readonly (readonly string[])[] {
  return rules.filter((rule) => rule.managers === undefined && appliesTo(rule, id)).flatMap(stepsOf);
}

/** Whether rules ignore an object as a whole, so that it may also be missing or unexpected. */
export function isIgnored(id: ObjectId, rules: readonly IgnoreRule[]): boolean {
  return rules.some(
    (rule) => rule.managers === undefined && appliesTo(rule, id) && stepsOf(rule).some((steps) => steps.length === 0),
  );
}

/** Whether the names of a rule, which may be globs, match a manager. */
export function namesManager(names: readonly string[], manager: string): boolean {
  return names.some((name) => matchesGlob(name, manager));
}

function appliesTo(rule: Partial<Pick<IgnoreRule, 'group' | 'kind' | 'namespace' | 'name'>>, id: ObjectId): boolean {
  const { group = '*', kind = '*', namespace = '*', name = '*' } = rule;
  return (
    matchesGlob(group, id.group) &&
    matchesGlob(kind, id.kind) &&
    matchesGlob(namespace, id.namespace ?? '') &&
    matchesGlob(name, id.name)
  );
}

function holds(
  { only }: BuiltInRule,
  { id, live, scaled }: { readonly id: ObjectId; readonly live: KubeObject; readonly scaled: ReadonlySet<string> },
): boolean {
  if (only === 'autoscaled') return scaled.has(scaledKey(id)) || isScaledLive(live);
  return only === undefined || live['aggregationRule'] !== undefined;
}

function stepsOf({ fields = [] }: { readonly fields?: readonly string[] }): readonly (readonly string[])[] {
  return fields.flatMap((path) => {
    const steps = parseFieldPath(path);
    return steps === undefined ? [] : [steps];
  });
}
