// The command as it is published: packed, installed into an empty folder, and run from another one.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { command, controlPlane, PLATFORMS, tools } from '../../dev/release/packages.ts';
import { pack, writePackage } from '../../dev/release/write-package.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { startCli } from './cli-process.ts';

import.meta.jest.setTimeout(240_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const release = { root: ROOT, version: packageJson.version };

let folder: string;
/** The linked file, as npm has installed it. */
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-packaged-'));
  const into = { root: ROOT, into: join(folder, 'packages') };
  const tarball = await pack(await writePackage(command(release), into));
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'empty/package.json'), '{}');
  const args = ['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', tarball];
  await promisify(execFile)('npm', args, { cwd: join(folder, 'empty') });
  installed = join(folder, 'empty/node_modules/.bin/driftless');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Call = { readonly node?: string; readonly path?: string };

/** Runs the installed command in an empty folder, with nothing on the PATH. */
async function run(args: readonly string[], { node = process.execPath, path = '' }: Call = {}): Promise<Ended> {
  const options = { cwd: folder, env: { PATH: path, HOME: folder } };
  return promisify(execFile)(node, [installed, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test('it says its version, validates and completes without anything else on the machine', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  expect(await run(['validate', join(ROOT, 'test/fixtures/config/complete')])).toEqual({
    code: 0,
    stdout: 'valid: 2 Applications, 2 Projects, 2 Clusters, 1 Repository\n',
    stderr: '',
  });
  expect(await run(['completion', 'bash'])).toMatchObject({ code: 0, stderr: '' });
});

const CLUSTER = `apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: laptop }
spec:
  kubeconfig: { context: kind-laptop }
  health:
    - { group: acme.example, kind: Widget, lua: 'return { status = "Degraded", message = obj.metadata.name }' }
    - { group: acme.example, kind: Gadget, cel: '"Healthy"' }
`;

test('it judges by rules of health in both languages', async () => {
  await writeFile(join(folder, 'laptop.yaml'), CLUSTER);
  const objects = ['Widget', 'Gadget'].map(
    (kind) => `apiVersion: acme.example/v1\nkind: ${kind}\nmetadata: { name: shop }\n`,
  );
  await writeFile(join(folder, 'objects.yaml'), objects.join('---\n'));
  expect(await run(['health', '-f', join(folder, 'objects.yaml'), '--config', join(folder, 'laptop.yaml')])).toEqual({
    code: 1,
    stdout: 'Widget/shop: Degraded (shop)\nGadget/shop: Healthy\n',
    stderr: '',
  });
});

test('what is missing is named with its remedy: the tools, and a deployer', async () => {
  expect(await run(['render', join(ROOT, 'dev/demo/example/api/base')])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^error: kubectl: not found on the PATH; install version .*\n {2}helm: not found on /,
    ),
  });
  expect(await run(['status', '--url', 'http://127.0.0.1:59999'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: http:\/\/127\.0\.0\.1:59999: nothing listens there\n/),
  });
});

test('the demo names Git and the package that it needs, where they are not installed', async () => {
  expect(await run(['demo', '--once'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('git: not found on the PATH; install it (https://git-scm.com)'),
  });
  expect(await run(['demo', '--once'], { path: '/usr/bin' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'control plane: package @driftless/control-plane-linux-x64 is not installed; install driftless with its optional dependencies',
    ),
  });
});

/** The first Node.js on the PATH that is too old; a test is skipped by name where there is none. */
const OLD = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((bin) => join(bin, 'node'))
  .filter((node) => existsSync(node))
  .find((node) => Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]) < 22);

(OLD === undefined ? test.skip : test)(
  'an older Node.js is refused in one sentence (needs one on the PATH)',
  async () => {
    const { code, stdout, stderr } = await run(['status'], OLD === undefined ? {} : { node: OLD });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: driftless needs Node\.js 22\.19 or newer, and this is v\d+\.\d+\.\d+; install a newer version \(https:\/\/nodejs\.org\)\n$/,
    );
  },
);

test('with the packages of its platform, the demo runs without Go and ends cleanly by SIGTERM', async () => {
  const [platform] = PLATFORMS;
  if (platform === undefined) throw new Error('no platform is released');
  const into = { root: ROOT, into: join(folder, 'packages') };
  const modules = join(folder, 'empty/node_modules');
  await mkdir(join(modules, '@driftless'), { recursive: true });
  await mkdir(join(modules, '@dynoxide'), { recursive: true });
  for (const publication of [controlPlane(platform, release), await tools(platform, release)])
    await symlink(await writePackage(publication, into), join(modules, '@driftless', publication.folder));
  await symlink(join(ROOT, 'node_modules/@dynoxide/linux-x64'), join(modules, '@dynoxide/linux-x64'));

  const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: folder };
  const demo = startCli(['demo'], { cwd: folder, env, program: installed });
  await demo.line(/^ready after /);
  await demo.line(/^ {3}web {4}synced: /);
  expect(await run(['status', '-o', 'json'])).toMatchObject({ stdout: expect.stringContaining('"name": "web"') });
  expect(await demo.end('SIGTERM')).toMatchObject({ signal: null });
  await demo.gone();
  expect(demo.said).toContainEqual(expect.stringMatching(/^stopping \(SIGTERM\): /));
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});

afterEach(async () => {
  for (const scope of ['@driftless', '@dynoxide'])
    await rm(join(folder, 'empty/node_modules', scope), { recursive: true, force: true });
});
