// `driftless dev` as its users run it: a process, a configuration folder, a state folder and a secrets file.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { type CliProcess, startCli } from './cli-process.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Forge, type ForgeRepository, githubDelivery, startForge } from './harness-forge.ts';
import { type Kube, openKube } from './harness-kube.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

const SECRET = `secret-${randomBytes(12).toString('hex')}`;

let folder: string;
let forge: Forge;
let kube: Kube;
let repository: ForgeRepository;
/** Name of the application, its repository and its namespace. */
let app: string;
const running: CliProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-dev-'));
  forge = await startForge(folder, undefined);
  kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  app = `dev-${randomBytes(3).toString('hex')}`;
  repository = await forge.createRepository(app);
  await configure('apps', application(app));
  await writeFile(join(folder, 'secrets.yaml'), `webhooks: { github: [${SECRET}] }\n`, { mode: 0o600 });
});

afterEach(async () => {
  for (const dev of running.splice(0)) await dev.end('SIGKILL');
  await kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: app }).catch(() => undefined);
  await kube.close();
  await forge.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function application(name: string, { path = '', ...more } = {}): object {
  return {
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: {
      source: { repo: repository.url, ref: 'main', path, ...more },
      destination: { namespace: app },
      sync: { createNamespace: true, timeout: '60s' },
    },
  };
}

async function configure(file: string, ...documents: readonly object[]): Promise<void> {
  await rm(join(folder, 'config'), { recursive: true, force: true });
  await mkdir(join(folder, 'config'));
  await writeFile(join(folder, 'config', `${file}.yaml`), yaml(...documents));
}

function dev(...options: readonly string[]): CliProcess {
  const args = [
    'dev',
    '--config',
    'config',
    '--state',
    'state',
    '--kubeconfig',
    kubeconfigPath(),
    '--port',
    '0',
    ...options,
  ];
  const started = startCli(args, { cwd: folder });
  running.push(started);
  return started;
}

/** Starts it with webhooks; pushes are announced to it from now on. */
async function devWithWebhooks(): Promise<CliProcess> {
  const started = dev('--secrets', 'secrets.yaml');
  const [, endpoint = ''] = await started.line(/^webhooks arrive at (http:\S+\/webhooks\/github)$/);
  forge.deliverTo((update) => fetch(endpoint, { method: 'POST', ...githubDelivery(update, SECRET) }));
  return started;
}

const ended = (name: string, outcome: string): RegExp =>
  new RegExp(`ended operation app=${name} operation=(\\S+) outcome=${outcome}`);

test('a signed delivery deploys a push; the end by SIGTERM is clean, and no secret was said', async () => {
  await repository.push({ 'a.yaml': yaml(configMap('settings', 'one')) });
  const started = await devWithWebhooks();
  await started.line(ended(app, 'synced'));
  await repository.push({ 'a.yaml': yaml(configMap('settings', 'two')) });
  await started.line(ended(app, 'synced'));
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app, name: 'settings' };
  expect(await kube.get(settings)).toMatchObject({ data: { value: 'two' } });

  expect(await started.end('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  expect(started.family()).toEqual([]);
  expect(started.said.join('\n')).not.toContain(SECRET);
});

test('an edit of the configuration is followed when it is valid, and otherwise reported with file and line', async () => {
  await repository.push({ 'a/a.yaml': yaml(configMap('a')), 'b/b.yaml': yaml(configMap('b')) });
  await configure('apps', application(app, { path: 'a' }));
  const started = await devWithWebhooks();
  await started.line(ended(app, 'synced'));

  await writeFile(join(folder, 'config', 'more.yaml'), yaml(application(`${app}-b`, { path: 'b' })));
  await started.line(ended(`${app}-b`, 'synced'));

  await writeFile(join(folder, 'config', 'more.yaml'), 'kind: Application\n\tmetadata: x\n');
  await started.line(/error configuration is invalid, so nothing was changed problems="more\.yaml:2: a tab /);
  await rm(join(folder, 'config'), { recursive: true });
  await started.line(
    /error configuration could not be loaded, so nothing was changed code=UsageInvalid reason="config: /,
  );
  expect(started.said.filter((line) => line.includes('removed application'))).toEqual([]);
});

test('the state survives a crash: the operation that ran goes on, and the next one has the next number', async () => {
  await repository.push({ 'a.yaml': yaml(deployment('api', 'slow')) });
  const first = await devWithWebhooks();
  await first.line(new RegExp(`finished stage app=${app} .*stage=apply`));
  await first.end('SIGKILL');
  await first.gone();

  const second = await devWithWebhooks();
  const resumed = await second.line(ended(app, 'synced'));
  await repository.push({ 'a.yaml': yaml(deployment('api', 'v2')) });
  const next = await second.line(ended(app, 'synced'));
  expect([resumed[1], next[1]]).toEqual([`${app}-1`, `${app}-2`]);
});

test('without secrets webhooks are off, and say so; commits are found all the same', async () => {
  await repository.push({ 'a.yaml': yaml(configMap('settings', 'one')) });
  const started = dev();
  await started.line(/^webhooks are off, since --secrets is not set; the deployer polls for commits every 30 s$/);
  await started.line(ended(app, 'synced'));
  await repository.push({ 'a.yaml': yaml(configMap('settings', 'two')) });
  // Reading the configuration again looks for commits too, without the wait.
  await writeFile(join(folder, 'config', 'apps.yaml'), `${yaml(application(app))}\n`);
  await started.line(/"kind":"sweep"/);
  await started.line(ended(app, 'synced'));
});

test('a delivery to webhooks that are off is answered with what to do', async () => {
  const [port] = await freePort();
  const started = dev('--port', String(port));
  await started.line(/^webhooks are off/);
  const delivery = githubDelivery({ url: repository.url, ref: 'refs/heads/main', after: '1'.repeat(40) }, SECRET);
  const reply = await fetch(`http://127.0.0.1:${port}/webhooks/github`, { method: 'POST', ...delivery });
  expect([reply.status, await reply.json()]).toEqual([
    expect.any(Number),
    { error: { code: 'WebhookSecretMissing', message: expect.any(String) } },
  ]);
  expect(reply.ok).toBe(false);
});

test('a second one on the same state is refused in one sentence', async () => {
  const first = dev();
  await first.line(/^press Ctrl-C to stop$/);
  const second = dev();
  expect(await second.ended).toEqual({ exitCode: 2, signal: null });
  expect(second.said).toEqual([
    `error: ${join(folder, 'state')}: another driftless process works with this folder; stop it, or use another folder`,
  ]);
});

test('a port that is in use is refused in one sentence', async () => {
  const [port, release] = await freePort({ keep: true });
  const refused = dev('--port', String(port));
  expect(await refused.ended).toEqual({ exitCode: 2, signal: null });
  expect(refused.said).toEqual([`error: port ${port}: is in use; choose another with --port`]);
  release();
});

test('a kubeconfig that is not there is refused in one sentence, and nothing is left behind', async () => {
  const refused = dev('--kubeconfig', 'nope');
  expect(await refused.ended).toEqual({ exitCode: 2, signal: null });
  expect(refused.said).toEqual([`error: kubeconfig ${join(folder, 'nope')}: no such file; check --kubeconfig`]);
  expect(await readdir(join(folder, 'state'))).toEqual([]);
});

async function freePort({ keep = false } = {}): Promise<readonly [number, () => void]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  if (!keep) {
    server.close();
    await once(server, 'close');
  }
  return [port, () => server.close()];
}
