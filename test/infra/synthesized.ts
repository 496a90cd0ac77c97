// Stacks as the app makes them, from a context and empty bundles: made once for all tests, and again when the stack, its settings or its packages change.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContextName } from './contexts.ts';

type Properties = Readonly<Record<string, unknown>>;

export type Resource = { readonly Type: string; readonly Properties: Properties } & Properties;

export type Resources = Readonly<Record<string, Resource>>;

export type StackTemplate = { readonly Resources: Resources; readonly Outputs: Properties };

/** What the rules of AWS Solutions find. */
export type Findings = {
  readonly success: boolean;
  readonly found: readonly { readonly rule: string; readonly resources: readonly string[] }[];
};

/** All that is asked of the CDK. */
export type Synthesis = {
  readonly stacks: Readonly<Record<ContextName, Readonly<Record<string, StackTemplate>>>>;
  readonly findings: Readonly<
    Record<'everything' | 'example' | 'a right that is too wide' | 'a route without an authorizer', Findings>
  >;
  /** Rights with a `*` in them, and the reasons that are written for them. */
  readonly wildcards: {
    readonly found: number;
    readonly withoutReason: readonly unknown[];
    readonly withoutRight: readonly unknown[];
  };
  /** Resources that wait for each other. */
  readonly circles: Readonly<Record<'everything' | 'two topics', readonly string[]>>;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the stacks are made from. */
const INPUTS = [
  'infra/**/*.ts',
  'lib/config/env-names.ts',
  'test/infra/{contexts,synthesis-child}.ts',
  'cdk.json',
  'package-lock.json',
];

/** The stacks of every context, and what the checks find. */
export const SYNTHESIS: Synthesis = readSynthesis();

function readSynthesis(): Synthesis {
  const path = join(ROOT, 'node_modules/.cache/driftless-test-stacks', `${hashOfInputs()}.json`);
  if (!existsSync(path))
    execFileSync(process.execPath, [join(ROOT, 'test/infra/synthesis-child.ts'), path], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  return JSON.parse(readFileSync(path, 'utf8'));
}

function hashOfInputs(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The resources of every stack of a context, by its name. */
export function resourcesOf(context: ContextName): Readonly<Record<string, Resources>> {
  const stacks = Object.entries(SYNTHESIS.stacks[context]);
  return Object.fromEntries(stacks.map(([name, { Resources }]) => [name, Resources]));
}

/** The template of the deployer itself. */
export function deployerOf(context: ContextName): StackTemplate {
  const found = SYNTHESIS.stacks[context]['driftless'];
  if (found === undefined) throw new Error(`the context ${context} has no stack driftless`);
  return found;
}

export function ofType(resources: Resources, type: string): readonly Resource[] {
  return Object.values(resources).filter((one) => one.Type === type);
}

/** The properties of the only resource of a type. */
export function only(resources: Resources, type: string): Properties {
  const found = ofType(resources, type);
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} resources are a ${type}`);
  return found[0].Properties;
}

/** The properties of a function. */
export function functionOf(resources: Resources, name: string): Properties {
  const found = ofType(resources, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties['FunctionName'] === `driftless-${name}`,
  );
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found.Properties;
}
