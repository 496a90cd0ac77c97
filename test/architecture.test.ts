import { globSync, readFileSync } from 'node:fs';
import {
  barrelViolations,
  cycleViolations,
  folderViolations,
  importViolations,
  lengthViolations,
  typeNameViolations,
  wordViolations,
} from './architecture/rules.ts';
import { codeOf, importsOf, type SourceFile } from './architecture/source-text.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const files: readonly SourceFile[] = globSync('{lib,cli,dev,functions,infra,bench,test}/**/*.{ts,mts}', { cwd: ROOT })
  .filter((path) => !path.endsWith('.d.ts') && !path.endsWith('.d.mts'))
  .sort()
  .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));

const file = (path: string, ...lines: readonly string[]): SourceFile => ({ path, text: `${lines.join('\n')}\n` });

test('the files of the project are looked at', () => {
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['lib/ports/store.ts', 'lib/sync/sync.ts', 'cli/main.ts', 'dev/journal.ts']),
  );
  expect(files.flatMap(importsOf).length).toBeGreaterThan(500);
});

describe('the project', () => {
  test.each([
    ['imports only what the table allows', importViolations],
    ['has no file that only hands on what others export', barrelViolations],
    ['has no files that import each other', cycleViolations],
    ['has no file that is too long', lengthViolations],
    ['has no folder with too many files', folderViolations],
    ['has no two types of one name in the library', typeNameViolations],
    ['says nothing that is not to be said', wordViolations],
  ])('%s', (_what, violations) => {
    expect(violations(files)).toEqual([]);
  });
});

describe('an import is forbidden', () => {
  test.each([
    ['of an adapter by a rule', 'lib/plan/a.ts', '../kube/cluster.ts', 'lib/kube/cluster.ts'],
    ['of the ports by a rule', 'lib/diff/a.ts', '../ports/git.ts', 'lib/ports/git.ts'],
    ['of another rule by a rule', 'lib/health/a.ts', '../plan/desired.ts', 'lib/plan/desired.ts'],
    ['of child processes by a rule', 'lib/render/a.ts', 'node:child_process', 'node:child_process'],
    ['of an SDK by a rule', 'lib/plan/a.ts', '@octokit/webhooks', '@octokit/webhooks'],
    ['of an adapter by the pipeline', 'lib/sync/a.ts', '../state/leases.ts', 'lib/state/leases.ts'],
    [
      'of the renderer that runs programs by the pipeline',
      'lib/sync/a.ts',
      '../render/exec/x.ts',
      'lib/render/exec/x.ts',
    ],
    ['of the file system by the pipeline', 'lib/sync/a.ts', 'node:fs', 'node:fs'],
    ['of the pipeline by a scan for drift', 'lib/drift/a.ts', '../sync/sync.ts', 'lib/sync/sync.ts'],
    ['of a rule by the reading of live objects', 'lib/live/a.ts', '../plan/desired.ts', 'lib/plan/desired.ts'],
    ['of the pipeline by an adapter', 'lib/kube/a.ts', '../sync/sync.ts', 'lib/sync/sync.ts'],
    ['of another adapter by an adapter', 'lib/state/a.ts', '../kube/path.ts', 'lib/kube/path.ts'],
    ['of a rule by an adapter', 'lib/render/exec/a.ts', '../paths.ts', 'lib/render/paths.ts'],
    ['of anything but the model by the ports', 'lib/ports/git.ts', '../errors.ts', 'lib/errors.ts'],
    ['of the errors by the model', 'lib/model/a.ts', '../errors.ts', 'lib/errors.ts'],
    ['of an adapter by the routes', 'lib/api/a.ts', '../state/leases.ts', 'lib/state/leases.ts'],
    ['of an adapter by a verb', 'cli/verbs/a.ts', '../../lib/git/git.ts', 'lib/git/git.ts'],
    ['of a stand-in by a verb', 'cli/verbs/a.ts', '../../dev/journal.ts', 'dev/journal.ts'],
    ['of an SDK by a verb', 'cli/verbs/a.ts', 'undici', 'undici'],
    ['of an adapter by a handler', 'functions/a.ts', '../lib/kube/cluster.ts', 'lib/kube/cluster.ts'],
    ['of the command line by a handler', 'functions/a.ts', '../cli/version.ts', 'cli/version.ts'],
    ['of the command line by the wiring of a handler', 'functions/wiring/a.ts', '../../cli/a.ts', 'cli/a.ts'],
    ['of the library by the stack', 'infra/a.ts', '../lib/sync/sync.ts', 'lib/sync/sync.ts'],
    ['of tests by anything else', 'dev/a.ts', '../test/fakes/x.ts', 'test/fakes/x.ts'],
    ['of the command line by the library', 'lib/sync/a.ts', '../../cli/version.ts', 'cli/version.ts'],
    ['of the stack by the library', 'lib/config/a.ts', '../../infra/app.ts', 'infra/app.ts'],
  ])('%s', (_what, path, specifier, target) => {
    const offenders = [
      file(path, `import { x } from '${specifier}';`),
      file(path, `import type { X } from '${specifier}';`),
      file(path, 'import {', '  x,', '  type Y,', `} from '${specifier}';`),
      file(path, `const { x } = await import('${specifier}');`),
      file(path, `import '${specifier}';`),
    ];
    expect(importViolations(offenders)).toEqual(offenders.map(() => `${path} must not import ${target}`));
  });

  test('by a file below lib/ that has no place in the table', () => {
    expect(importViolations([file('lib/utils/a.ts', "import { x } from '../errors.ts';")])).toEqual([
      'lib/utils/a.ts is in no part of the project; add its folder to the table',
    ]);
  });
});

test.each([
  ['the log, for a rule', 'lib/config/a.ts', "import type { Log } from '../ports/runtime.ts';"],
  ['the own folder', 'lib/health/a.ts', "import { x } from './pod.ts';"],
  ['a comment', 'lib/plan/a.ts', "// import { x } from '../kube/cluster.ts';"],
  ['a text', 'lib/plan/a.ts', "const text = `\nimport { x } from '../kube/cluster.ts';\n`;"],
])('%s is no forbidden import', (_what, path, text) => {
  expect(importViolations([file(path, text)])).toEqual([]);
});

test.each([
  ['everything', "export * from './a.ts';"],
  ['a namespace', "export * as a from './a.ts';"],
  ['names', "export { a, b } from './a.ts';"],
  ['types', "export type { A } from './a.ts';"],
])('a file that hands on %s is a barrel', (_what, line) => {
  expect(barrelViolations([file('lib/plan/index.ts', line)])).toHaveLength(1);
});

test('files that import each other are named in their order, also for their types alone', () => {
  const circle = [
    file('lib/plan/a.ts', "import { b } from './b.ts';"),
    file('lib/plan/b.ts', "import type { C } from './c.ts';"),
    file('lib/plan/c.ts', "import { a } from './a.ts';"),
    file('lib/plan/d.ts', "import { a } from './a.ts';"),
  ];
  expect(cycleViolations(circle)).toEqual(['lib/plan/a.ts → lib/plan/b.ts → lib/plan/c.ts → lib/plan/a.ts']);
});

test('a folder with sixteen files is too large, except for the model', () => {
  const sixteen = (folder: string) => Array.from({ length: 16 }, (_, i) => file(`${folder}/${i}.ts`, ''));
  expect(folderViolations([...sixteen('lib/plan'), ...sixteen('lib/model'), ...sixteen('test/fakes')])).toEqual([
    'lib/plan has 16 files; at most 15',
  ]);
  expect(folderViolations(sixteen('cli/verbs').slice(1))).toEqual([]);
});

test('a type has a name of its own in the library', () => {
  const files = ['lib/git/a.ts', 'lib/kube/b.ts', 'cli/c.ts'].map((path) => file(path, 'export type A = string;'));
  const others = [file('lib/git/d.ts', 'type A = string;'), file('lib/git/e.ts', 'export class E {}')];
  expect(typeNameViolations([...files, ...others])).toEqual(['A is exported by lib/git/a.ts and lib/kube/b.ts']);
});

test.each([
  ['lib/sync/sync.ts', 120],
  ['lib/ports/git.ts', 120],
  ['functions/webhook.ts', 40],
  ['infra/stack.ts', 120],
  ['test/lib/plan/prune.test.ts', 250],
])('%s may have %i lines', (path, limit) => {
  const lines = (count: number): SourceFile => file(path, ...Array.from({ length: count }, () => '//'));
  expect(lengthViolations([lines(limit)])).toEqual([]);
  expect(lengthViolations([lines(limit + 1)])).toEqual([`${path} has ${limit + 1} lines; at most ${limit}`]);
});

test.each([
  ['the type any', 'lib/plan/a.ts', 'let x: any;'],
  ['the type any', 'lib/plan/a.ts', 'const x = new Map<string, any>();'],
  ['a non-null assertion', 'lib/plan/a.ts', 'const x = list[0]!;'],
  ['a non-null assertion', 'lib/plan/a.ts', 'find(x)!.name;'],
  ['console', 'lib/plan/a.ts', "console.log('x');"],
  ['a cast', 'lib/plan/a.ts', 'const x = y as Thing;'],
  ['process.env', 'lib/sync/a.ts', "const x = process.env['HOME'];"],
  ['a module mock', 'test/lib/a.test.ts', "jest.mock('x');"],
  ['a default export', 'lib/plan/a.ts', 'export default 1;'],
  ['a DELETE beside lib/live/delete-object.ts', 'lib/sync/a.ts', 'await cluster.delete(kind, id, {});'],
  [
    'a request or start of an operation beside lib/operations',
    'lib/triggers/a.ts',
    'await ports.operations.start(app, seq);',
  ],
  [
    'a request or start of an operation beside lib/operations',
    'lib/commands/a.ts',
    'const { seq } = await state.request(app, { trigger });',
  ],
])('%s is found in %s: %s', (what, path, line) => {
  expect(wordViolations([file(path, '// first', line)])).toEqual([`${path}:2 has ${what}`]);
});

test.each([
  ['if (!x || a !== b || a != b) stop();'],
  ["const text = 'x as Thing, any! console.log';"],
  ['const pattern = /console.log|any!;/;'],
  ['const x = { any: 1 } as const;'],
  ['const some = list.some(any);'],
])('%s is fine', (line) => {
  expect(wordViolations([file('lib/plan/a.ts', line)])).toEqual([]);
});

test('code is what is left in its place without comments and literals', () => {
  expect(codeOf("a('b') // c\n+ `d e` /* f */ / 2 + g.match(/h'i/)")).toBe(
    "a(' ')     \n+ `   `         / 2 + g.match(     )",
  );
});
