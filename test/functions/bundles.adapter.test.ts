// What is put on Lambda: how large each function is, what is in it, and that what was left out is not missed.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ERROR_CLASSES } from '../../functions/bundle/lean-packages.ts';
import { FUNCTIONS, type FunctionName } from '../../lib/config/env-names.ts';
import { sharedBundles } from './shared-bundles.ts';

/** In kB of 1,000 bytes. */
const BUDGETS: Readonly<Record<FunctionName, number>> = {
  webhook: 480,
  sync: 1_150,
  render: 350,
  drift: 1_000,
  sweep: 620,
  alarm: 400,
  api: 500,
  inspect: 1_000,
  worker: 300,
};

const { folder, bundles } = await sharedBundles();

/** The code itself, beside its source map. */
const codeOf = (name: FunctionName) => {
  const outputs = Object.values(bundles[name].outputs);
  const code = outputs.find(({ entryPoint }) => entryPoint === `functions/${name}.ts`);
  const own = new Set(Object.keys(bundles[name].outputs));
  return {
    bytes: code?.bytes ?? Number.NaN,
    /** What a start reads. */
    atStart: Object.keys(code?.inputs ?? {}),
    inputs: outputs.flatMap((output) => Object.keys(output.inputs)),
    imports: outputs.flatMap(({ imports }) => imports).filter(({ path }) => !own.has(path)),
  };
};

test.each(FUNCTIONS)('%s keeps to its budget', (name) => {
  expect(codeOf(name).bytes).toBeLessThanOrEqual(1_000 * BUDGETS[name]);
});

test.each(FUNCTIONS)('%s holds no client of kubeconfigs, and asks for nothing that is not Node’s own', (name) => {
  const { inputs, imports } = codeOf(name);
  expect(inputs.length).toBeGreaterThan(10);
  expect(inputs.filter((path) => path.includes('@kubernetes/client-node'))).toEqual([]);
  expect(
    imports.map(({ path }) => path).filter((path) => !/^(node:)?[a-z_/]+$/.test(path) || path === 'undici'),
  ).toEqual([]);
});

test.each(FUNCTIONS)('%s holds packages that NOTICE names, and no others', (name) => {
  const notice = readFileSync(new URL('../../NOTICE', import.meta.url), 'utf8');
  const packages = codeOf(name).inputs.flatMap(
    (path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.slice(1) ?? [],
  );
  expect(packages.length).toBeGreaterThan(0);
  expect([...new Set(packages)].filter((one) => !notice.includes(`\n${one} `))).toEqual([]);
});

test.each(FUNCTIONS)('%s has a source map that names the sources', (name) => {
  const map = JSON.parse(readFileSync(join(folder, name, 'index.mjs.map'), 'utf8'));
  expect(map.sources).toEqual(expect.arrayContaining([expect.stringMatching(`/functions/${name}.ts$`)]));
});

test('the function that waits for health finds Lua beside its code', async () => {
  const [path = ''] = globSync(join(folder, 'sync/lua-*.mjs'));
  const judge = `(await import(${JSON.stringify(path)})).openLua().then((read) => console.log(read('return obj.a')({ a: 'b' }, 0)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', judge]);
  expect(stdout).toBe('b\n');
});

test('errors of AWS that the library tells by their class keep it', () => {
  const root = new URL('../..', import.meta.url).pathname;
  const sources = globSync('lib/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  const imported = sources.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\//g)].flatMap(([, names = '']) =>
      names.split(/[\s,]+/).filter(Boolean),
    ),
  );
  const told = new Set(imported.filter((name) => sources.some((text) => text.includes(`instanceof ${name}`))));
  expect([...told].sort()).toEqual([...ERROR_CLASSES].sort());
});

test.each(FUNCTIONS)('the start of %s reads no language of health rules', (name) => {
  const languages = /\/cel-js\/|^lib\/health\/(cel\.ts|lua\/)/;
  expect(codeOf(name).atStart.filter((path) => languages.test(path))).toEqual([]);
});

test('the function that waits for health brings both languages of health rules, each in a file of its own', () => {
  const ownFiles = Object.values(bundles.sync.outputs).flatMap(({ entryPoint = '' }) => entryPoint);
  expect(ownFiles).toEqual(expect.arrayContaining(['lib/health/cel.ts', 'lib/health/lua/lua.ts']));
});
