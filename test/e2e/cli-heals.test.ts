// `driftless dev` with its own cluster and its own DynamoDB: what ends of them is started again, and nothing is shown that was in a former cluster.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import { driftless, type Ended } from '../cli/driftless.ts';
import { type CliProcess, startCli } from './cli-process.ts';
import { type Forge, startForge } from './harness-forge.ts';
import { openKube } from './harness-kube.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(180_000);

const app = `heals-${randomBytes(3).toString('hex')}`;
const paused = `${app}-paused`;

let folder: string;
let forge: Forge;
let dev: CliProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-heals-'));
  forge = await startForge(folder, undefined);
  const repository = await forge.createRepository(app);
  await repository.push({ 'a.yaml': yaml(configMap('settings', 'one')) });
  await mkdir(join(folder, 'config'));
  const documents = [app, paused].map((name) => application(name, repository.url));
  await writeFile(join(folder, 'config', 'apps.yaml'), yaml(...documents));
});

afterAll(async () => {
  await dev.end('SIGKILL');
  await forge.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function application(name: string, repo: string): object {
  return {
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: { source: { repo, ref: 'main' }, destination: { namespace: name }, sync: { createNamespace: true } },
  };
}

const env = (): Readonly<Record<string, string>> => ({ XDG_STATE_HOME: join(folder, 'home') });
const ask = (...args: readonly string[]): Promise<Ended> => driftless(args, { env: env() });

async function view(name: string): Promise<ApplicationView> {
  return JSON.parse((await ask('status', name, '-o', 'json')).stdout);
}

/** Starts it, and gives the kubeconfig of its cluster. */
async function start(): Promise<string> {
  const args = ['dev', '--config', 'config', '--state', 'state', '--port', '0', '--scan-interval', '0'];
  dev = startCli(args, { cwd: folder, env: env() });
  const [, kubeconfig = ''] = await dev.line(/^cluster: kubectl --kubeconfig (\S+) /);
  return kubeconfig;
}

const ended = (name: string): Promise<RegExpExecArray> =>
  dev.line(new RegExp(`ended operation app=${name} .*outcome=synced`));

/** Ends the processes whose command line has this word, but not the deployer that has started them. */
function kill(word: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const command = commandOf(pid);
    if (command.includes(word) && !command.startsWith('/bin/sh')) process.kill(Number(pid), 'SIGKILL');
  }
}

/** A process may end while it is looked at. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function valueIn(kubeconfig: string, namespace: string): Promise<unknown> {
  const kube = openKube(await readKubeconfig({ path: kubeconfig }));
  const found = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
  await kube.close();
  return found?.['data'];
}

test('S12: an emulator or a control plane that ends is started again, and what was in a former cluster is not shown as live', async () => {
  const kubeconfig = await start();
  await Promise.all([ended(app), ended(paused)]);
  await ask('suspend', paused, '--reason', 'freeze');

  kill(join(folder, 'state/dynamodb'));
  await dev.line(/error a program has ended, and is started again program="DynamoDB emulator"/);
  await dev.line(/info {2}a program runs again program="DynamoDB emulator"/);
  expect(await view(app)).toMatchObject({ sync: { status: 'Synced' }, lastOperation: { seq: 1 } });

  kill(dirname(kubeconfig));
  await dev.line(/error a program has ended, and is started again program="control plane"/);
  const away = await ask('status');
  expect(away).toMatchObject({ exitCode: 2, stdout: '' });
  expect(away.stderr).toMatch(
    /^error: control plane: it ended with SIGKILL.*; it is being started again\nhint: try again/,
  );
  await dev.line(/info {2}a program runs again program="control plane"/);
  await ended(app);
  expect(await valueIn(kubeconfig, app)).toEqual({ value: 'one' });
  expect(await valueIn(kubeconfig, paused)).toBeUndefined();
  expect(await view(paused)).toMatchObject({
    sync: { status: 'Unknown', reason: 'the embedded cluster is new, and what was deployed was in the one before' },
  });
  expect((await ask('status', paused)).exitCode).toBe(2);

  expect(await dev.end('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  const next = await start();
  await dev.line(
    /^note: the embedded cluster is new, .*: 2 applications were there, and what deploys by itself is deployed again$/,
  );
  expect((await view(app)).lastOperation?.seq).toBe(3);
  await ended(app);
  expect(await valueIn(next, app)).toEqual({ value: 'one' });
  await ask('resume', paused);
  await ended(paused);
  expect(await view(paused)).toMatchObject({ sync: { status: 'Synced' } });
});
