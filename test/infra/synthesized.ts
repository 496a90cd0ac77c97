// Stacks as the app makes them, from a context and empty bundles. Assets are not copied; nothing is asked of any network.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readContext } from '../../infra/read-context.ts';
import { addStacks } from '../../infra/stacks.ts';
import { FUNCTIONS } from '../../lib/config/env-names.ts';
import { CDK_JSON } from './contexts.ts';

type Properties = Readonly<Record<string, unknown>>;

export type Resource = { readonly Type: string; readonly Properties: Properties } & Properties;

export type Resources = Readonly<Record<string, Resource>>;

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftless-infra-'));
  folders.push(folder);
  return folder;
}

/** An empty app; without a folder of its own it would leave one behind. */
export function emptyApp(): App {
  return new App({ outdir: newFolder() });
}

/** The app with its stacks, not synthesized yet. */
export function makeApp(context: unknown) {
  const folder = newFolder();
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'index.mjs'), 'export const handler = async () => {};\n');
  }
  const app = new App({
    outdir: join(folder, 'cdk.out'),
    treeMetadata: false,
    analyticsReporting: false,
    context: { ...CDK_JSON.context, 'aws:cdk:disable-asset-staging': true },
  });
  return { app, stack: addStacks(app, readContext(context), join(folder, 'functions')) };
}

/** The resources of every stack, by its name. */
export function synthesize(context: unknown): Readonly<Record<string, Resources>> {
  const { app } = makeApp(context);
  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template.Resources]));
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
