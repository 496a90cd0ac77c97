// Rules of health, as they are written: our own form, and the data of Argo CD's ConfigMap. Whether the programs can be read is checked by `validate`.
import { parse } from 'yaml';
import { z } from 'zod';
import type { HealthRule } from '../../model/health-rule.ts';
import { quote } from './fields.ts';

/** The largest check of Argo CD has 6,000 characters. */
const MAX_PROGRAM = 20_000;

const GLOB = /^[\w.*-]*$/;

const glob = (example: string) =>
  z
    .string()
    .refine((text) => GLOB.test(text) && text.length <= 253, {
      error: ({ input }) =>
        `${quote(input)} is not a glob; write for example ${example}, where * stands for any characters`,
    })
    .meta({ pattern: GLOB.source, maxLength: 253 });

const program = z
  .string()
  .refine((text) => text.trim() !== '' && text.length <= MAX_PROGRAM, {
    error: `is empty or too long; write at most ${MAX_PROGRAM} characters`,
  })
  .meta({ minLength: 1, maxLength: MAX_PROGRAM });

const rule = z
  .strictObject({
    group: glob('acme.example or *.acme.example'),
    kind: glob('Widget or *'),
    cel: program.exactOptional(),
    lua: program.exactOptional(),
  })
  .superRefine(
    (value, context) => {
      if ('cel' in value !== 'lua' in value) return;
      context.addIssue({ code: 'custom', message: 'does not say how to judge the objects; write either cel or lua' });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({ oneOf: [{ required: ['cel'] }, { required: ['lua'] }] });

/** Rules in our own form. */
export const healthRules = z.array(rule).max(200, { error: 'has more than 200 rules' });

const PREFIX = 'resource.customizations';
const HEALTH = `${PREFIX}.health.`;

/** The data of Argo CD's ConfigMap, those keys that hold customizations of resources; what is not about health is passed over. */
export const customizations = z.record(z.string(), z.string()).superRefine((data, context) => {
  for (const [key, text] of Object.entries(data)) {
    const message = wrongCustomization(key, text);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message });
  }
});

/** The rules that customizations hold: those for one kind, then those with globs, as Argo CD looks for them. */
export function rulesIn(data: Readonly<Record<string, string>>): readonly HealthRule[] {
  const rules = Object.entries(data).flatMap(([key, text]) => customized(key, text));
  const isGlob = ({ group, kind }: HealthRule): boolean => `${group}/${kind}`.includes('*');
  return [...rules.filter((one) => !isGlob(one)), ...rules.filter(isGlob)];
}

function wrongCustomization(key: string, text: string): string | undefined {
  if (key !== PREFIX && !key.startsWith(`${PREFIX}.`))
    return `is not a key of resource customizations; write only keys of argocd-cm that begin with ${PREFIX}`;
  if (key.startsWith(HEALTH) && key.slice(HEALTH.length).split('_').length > 2)
    return `does not name a kind; write ${HEALTH}<group>_<kind>`;
  if (customized(key, text).some(({ lua }) => lua === undefined || lua.length > MAX_PROGRAM))
    return `has a check that is too long; write at most ${MAX_PROGRAM} characters`;
  return key === PREFIX && nested(text) === undefined
    ? 'is not YAML with a mapping for each group/Kind; write it as in argocd-cm'
    : undefined;
}

function customized(key: string, text: string): readonly HealthRule[] {
  if (key === PREFIX) return nested(text) ?? [];
  if (!key.startsWith(HEALTH)) return [];
  const [group, kind] = key.slice(HEALTH.length).split('_');
  return [kind === undefined ? { group: '', kind: group ?? '', lua: text } : { group: group ?? '', kind, lua: text }];
}

const Nested = z.record(z.string(), z.looseObject({ 'health.lua': z.string().optional() }).nullable());

/** `resource.customizations` is a text that is YAML itself. */
function nested(text: string): readonly HealthRule[] | undefined {
  const parsed = Nested.safeParse(yamlOr(text));
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data).flatMap(([key, customization]) => {
    const lua = customization?.['health.lua'];
    const slash = key.lastIndexOf('/');
    return lua === undefined ? [] : [{ group: key.slice(0, Math.max(0, slash)), kind: key.slice(slash + 1), lua }];
  });
}

function yamlOr(text: string): unknown {
  try {
    // Argo CD's reader knows merge keys; what is wrong is told as a problem of the configuration, not as a warning of the process.
    return parse(text, { merge: true, logLevel: 'error' });
  } catch {
    return undefined;
  }
}
