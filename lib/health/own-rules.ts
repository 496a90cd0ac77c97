// In: the health rules of a cluster's configuration. Out: which of them judges an object, and how. A rule that cannot be read, fails, runs too long or
// returns something else makes the object Unknown, with the rule's name and the reason. Each language is loaded only where a rule is written in it.
import { z } from 'zod';
import type { ClusterDeclaration } from '../model/configuration.ts';
import { matchesGlob } from '../model/glob.ts';
import type { Health } from '../model/health.ts';
import type { HealthRule } from '../model/health-rule.ts';
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { judged, type OwnRule, type OwnRules, unknown } from './rule.ts';
import { LimitExceeded } from './within-time.ts';

/** Evaluates one rule; it may throw. */
type Program = (object: KubeObject, now: number) => unknown;

type Compiled =
  | { readonly rule: HealthRule; readonly run: Program }
  | { readonly rule: HealthRule; readonly error: string };

const Result = z.object({
  status: z.enum(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']),
  message: z.string().nullish(),
  reason: z.string().nullish(),
});

/** A scan stops to ask a rule that ran out of its limits for this many objects. */
const MAX_EXHAUSTED = 5;

/** A text that is longer is not a name, a message or a reason. */
const MAX_TEXT = 300;

/** The rules that a configuration has for a cluster. */
export function rulesOf(
  cluster: string,
  clusters: readonly Pick<ClusterDeclaration, 'name' | 'health'>[],
): readonly HealthRule[] {
  return clusters.find(({ name }) => name === cluster)?.health ?? [];
}

/** The rules of a configuration, ready to be asked; undefined where it has none. The first one that fits an object judges it. */
export async function loadOwnRules(rules: readonly HealthRule[]): Promise<OwnRules | undefined> {
  if (rules.length === 0) return undefined;
  const compiled = (await compileAll(rules)).map((one) => ({ rule: one.rule, own: ownRule(one) }));
  return ({ apiVersion, kind }) => compiled.find(({ rule }) => fits(rule, groupOf(apiVersion), kind))?.own;
}

/** What is wrong with the text of a rule; empty where all of them can be read. */
export async function ruleProblems(
  rules: readonly HealthRule[],
): Promise<readonly { readonly index: number; readonly message: string }[]> {
  return (await compileAll(rules)).flatMap((one, index) =>
    'error' in one ? [{ index, message: `is no ${languageOf(one.rule)} that can be read: ${one.error}` }] : [],
  );
}

async function compileAll(rules: readonly HealthRule[]): Promise<readonly Compiled[]> {
  const [cel, lua] = await Promise.all([
    rules.some((rule) => rule.cel !== undefined) ? import('./cel.ts') : undefined,
    rules.some((rule) => rule.lua !== undefined) ? import('./lua/lua.ts').then(({ openLua }) => openLua()) : undefined,
  ]);
  return rules.map((rule): Compiled => {
    try {
      if (lua !== undefined && rule.lua !== undefined) return { rule, run: lua(rule.lua) };
      if (cel === undefined || rule.cel === undefined) return { rule, error: 'it has neither cel nor lua' };
      return { rule, run: cel.compileCel(rule.cel) };
    } catch (error) {
      return { rule, error: textOf(error) };
    }
  });
}

function ownRule(compiled: Compiled): OwnRule {
  const { cel = '', lua = '' } = compiled.rule;
  return { judge: judgeOf(compiled), readsGeneration: `${cel}${lua}`.includes('observedGeneration') };
}

function judgeOf(compiled: Compiled): OwnRule['judge'] {
  const name = nameOf(compiled.rule);
  if ('error' in compiled) return () => unknown(`${name} cannot be read: ${compiled.error}`, 'RuleInvalid');
  let exhausted = 0;
  return (object, { now = Date.now() }) => {
    if (exhausted >= MAX_EXHAUSTED) return unknown(`${name} took too long for ${exhausted} objects`, 'RuleTooSlow');
    try {
      return healthIn(compiled.run(withoutSecrets(object), now), name);
    } catch (error) {
      if (!(error instanceof LimitExceeded)) return unknown(`${name} failed: ${textOf(error)}`, 'RuleFailed');
      exhausted += 1;
      return unknown(`${name} ${textOf(error)}`, 'RuleTooSlow');
    }
  };
}

/** What a rule says is stored and shown, so of a Secret it sees the keys, and no value; annotations may hold copies of values. */
function withoutSecrets(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return object;
  const { data, stringData, metadata, ...others } = object;
  const annotations = Object.fromEntries(Object.keys(metadata.annotations ?? {}).map((name) => [name, HIDDEN]));
  return {
    ...others,
    metadata: { ...metadata, annotations },
    ...(data !== undefined && { data: hidden(data) }),
    ...(stringData !== undefined && { stringData: hidden(stringData) }),
  };
}

const HIDDEN = '•••';

function hidden(values: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(Object(values)).map((key) => [key, HIDDEN]));
}

/** The health that a rule returns, as a status or as a map with one; undefined for null and for an empty map. */
function healthIn(result: unknown, name: string): Health | undefined {
  if (isEmpty(result)) return undefined;
  const parsed = Result.safeParse(typeof result === 'string' ? { status: result } : result);
  if (!parsed.success) return unknown(`${name} returned ${shown(result)}, which is no health`, 'RuleInvalid');
  const { status, message, reason } = parsed.data;
  return judged(status, message ?? '', reason ?? '');
}

/** Argo CD's checks return nil, or a table that nothing was put into, for an object of which they have nothing to say. */
function isEmpty(result: unknown): boolean {
  return result === undefined || result === null || (typeof result === 'object' && Object.keys(result).length === 0);
}

/** A text of the rule that names itself, the language and the globs. */
function nameOf(rule: HealthRule): string {
  return `the ${languageOf(rule)} rule for ${rule.group === '' ? '' : `${rule.group}/`}${rule.kind}`;
}

function languageOf({ lua }: HealthRule): 'CEL' | 'Lua' {
  return lua === undefined ? 'CEL' : 'Lua';
}

function fits(rule: HealthRule, group: string, kind: string): boolean {
  return matchesGlob(rule.group, group) && matchesGlob(rule.kind, kind);
}

/** The first line of what went wrong, with the line as a person writes it. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').replace(/^<string>:(\d+):/, 'line $1:').slice(0, MAX_TEXT);
}

function shown(result: unknown): string {
  const { status } = z.object({ status: z.unknown() }).catch({ status: undefined }).parse(result);
  if (typeof result === 'object')
    return `a map with the status ${typeof status === 'bigint' ? status : (JSON.stringify(status) ?? 'nothing')}`.slice(
      0,
      MAX_TEXT,
    );
  return `${JSON.stringify(String(result).slice(0, 40))}`;
}
