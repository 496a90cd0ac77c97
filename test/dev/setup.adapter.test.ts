import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const SETUP = fileURLToPath(new URL('../../dev', import.meta.url));

// Stand-ins for the machine's programs, which note how they were called.
const NPM = `fs.mkdirSync('node_modules', { recursive: true });`;
const GO = `if (args[0] === 'env') console.log('go1.26.8'); else if (args[0] === 'list') console.log('stale'); else fs.writeFileSync(args[args.indexOf('-o') + 1], 'built');`;
const JAVA = `console.error('openjdk version "21.0.2" 2026-01-20');`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'driftless-setup-'));
  cpSync(join(SETUP, 'setup.mjs'), join(root, 'dev/setup.mjs'));
  cpSync(join(SETUP, 'setup'), join(root, 'dev/setup'), { recursive: true });
  mkdirSync(join(root, 'dev/control-plane'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'dev/control-plane/main.go'), 'package main');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  program('npm', NPM);
  program('git', '');
  program('go', GO);
  program('java', JAVA);
});

afterEach(() => rmSync(root, { recursive: true }));

test.each([
  ['npm is missing', () => remove('npm'), 'npm: not found on the PATH; it comes with Node.js (https://nodejs.org)'],
  ['Git is missing', () => remove('git'), 'git: not found on the PATH; install it (https://git-scm.com)'],
  [
    'Go is missing',
    () => remove('go'),
    'Go: not found on the PATH; install version 1.26 or newer (https://go.dev/dl), it builds the embedded control plane',
  ],
  [
    'Go is old',
    () => program('go', `console.log('go1.25.9');`),
    'Go: found version 1.25.9; install version 1.26 or newer (https://go.dev/dl), it builds the embedded control plane',
  ],
])('setup refuses in one sentence where %s, before anything is done', async (_what, damage, sentence) => {
  damage();
  expect(await setUp(['--cluster'])).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
  expect(existsSync(join(root, 'node_modules'))).toBe(false);
});

test.each([
  ['version', 'v18.20.4', 'Node.js: found v18.20.4; install version 20.19 or newer (https://nodejs.org)'],
  [
    'arch',
    'arm64',
    'platform: linux arm64 is not supported; use Linux on x86_64, for example in a container or virtual machine',
  ],
  [
    'platform',
    'darwin',
    'platform: darwin x64 is not supported; use Linux on x86_64, for example in a container or virtual machine',
  ],
])('setup refuses where the %s of the process is %s', async (property, value, sentence) => {
  const pretend = `Object.defineProperty(process, '${property}', { value: '${value}' })`;
  const { code, stderr } = await setUp([], ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: `${sentence}\n` });
});

test('setup names everything that is missing at once', async () => {
  remove('npm');
  remove('git');
  const { stderr } = await setUp([]);
  expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['npm', 'git', '']);
});

test('setup needs no Go without a cluster, nor where the control plane is in the cache', async () => {
  remove('go');
  expect(await setUp([])).toMatchObject({ code: 0, stdout: '' });
  program('go', GO);
  expect(await setUp(['--cluster'])).toMatchObject({ code: 0, stdout: '' });
  remove('go');
  expect(await setUp(['--cluster'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('setup installs the packages once for each lock file', async () => {
  await setUp([]);
  await setUp([]);
  expect(calls('npm')).toEqual(['ci --include=dev --no-audit --no-fund --loglevel=error']);
  writeFileSync(join(root, 'package-lock.json'), '{ "changed": true }');
  await setUp([]);
  expect(calls('npm')).toHaveLength(2);
});

test('setup builds the control plane once for its sources', async () => {
  await setUp(['--cluster']);
  await setUp(['--cluster']);
  expect(builds()).toHaveLength(1);
  writeFileSync(join(root, 'dev/control-plane/main.go'), 'package main // changed');
  await setUp(['--cluster']);
  expect(builds()).toHaveLength(2);
});

test('two setups at once do the work once', async () => {
  const runs = await Promise.all([setUp(['--cluster']), setUp(['--cluster'])]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect({ npm: calls('npm').length, go: builds().length }).toEqual({ npm: 1, go: 1 });
});

test('a failed installation is shown with what npm said, and tried again by the next setup', async () => {
  program('npm', `console.error('registry not reachable'); process.exitCode = 1;`);
  const { code, stderr } = await setUp([]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/npm ci: ended with 1; it said:\nregistry not reachable\n$/);
  program('npm', NPM);
  expect(await setUp([])).toMatchObject({ code: 0 });
});

test('a failed build leaves nothing in the cache', async () => {
  program(
    'go',
    `if (args[0] === 'env') console.log('go1.26.8'); else { ${GO} process.exitCode = args[0] === 'list' ? 0 : 2; }`,
  );
  expect(await setUp(['--cluster'])).toMatchObject({ code: 1 });
  program('go', GO);
  expect(await setUp(['--cluster'])).toMatchObject({ code: 0 });
  expect(builds()).toHaveLength(2);
});

test.each([
  [
    'is missing',
    () => remove('java'),
    'note: Java: not found on the PATH; the contract tests on DynamoDB Local are skipped, install a Java 17 runtime to run them\n',
  ],
  [
    'is old',
    () => program('java', `console.error('openjdk version "1.8.0_412"');`),
    'note: Java: found version 8.0; the contract tests on DynamoDB Local are skipped, install a Java 17 runtime to run them\n',
  ],
  ['is there', () => undefined, ''],
])('setup for tests goes on where Java %s', async (_what, change, note) => {
  await setUp([]);
  change();
  expect(await setUp(['--tests'])).toEqual({ code: 0, stdout: '', stderr: note });
});

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the setup on a machine that has the stand-ins and nothing else. */
async function setUp(args: readonly string[], nodeArgs: readonly string[] = []): Promise<Run> {
  const child = spawn(process.execPath, [...nodeArgs, join(root, 'dev/setup.mjs'), ...args], {
    cwd: tmpdir(),
    env: { PATH: join(root, 'bin'), XDG_CACHE_HOME: join(root, 'cache') },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

function program(name: string, body: string): void {
  const file = join(root, 'bin', name);
  const log = JSON.stringify(join(root, `${name}.calls`));
  writeFileSync(
    file,
    `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${log}, args.join(' ') + '\\n');
${body}
`,
  );
  chmodSync(file, 0o755);
}

function remove(name: string): void {
  rmSync(join(root, 'bin', name));
}

function calls(name: string): readonly string[] {
  const log = join(root, `${name}.calls`);
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}

function builds(): readonly string[] {
  return calls('go').filter((call) => call.startsWith('build '));
}
