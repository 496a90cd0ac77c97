// A running `driftless dev` with one application, and the verbs that ask it, as their users run both: processes, folders, pushes, and kubectl in the cluster.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { kubectlLayer } from '../../dev/kubectl-layer.ts';
import { driftless, type Ended } from '../cli/driftless.ts';
import { type CliProcess, startCli } from './cli-process.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Changes, type Forge, type ForgeRepository, githubDelivery, startForge } from './harness-forge.ts';
import { type Kube, openKube } from './harness-kube.ts';
import { yaml } from './harness-manifests.ts';

export type CliWorld = {
  /** Of the application, its repository and its namespace. */
  readonly app: string;
  readonly kube: Kube;
  readonly repository: ForgeRepository;
  readonly dev: CliProcess;
  /** Runs a verb against the deployer. */
  ask(...args: readonly string[]): Promise<Ended>;
  /** The same, with its result as a value. */
  askJson<T>(...args: readonly string[]): Promise<T>;
  kubectl(...args: readonly string[]): Promise<void>;
  /** Posts JSON to the deployer. */
  post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Waits until an operation of the application has ended like this. */
  ended(outcome: string): Promise<RegExpExecArray>;
  stop(): Promise<void>;
};

/** Starts everything, and waits until these files are deployed as the first operation. */
export async function startCliWorld(files: Changes, spec: object = {}, scanInterval = '0'): Promise<CliWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-control-'));
  const secret = `secret-${randomBytes(12).toString('hex')}`;
  const app = `cli-${randomBytes(3).toString('hex')}`;
  const forge: Forge = await startForge(folder, undefined);
  const kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  const repository = await forge.createRepository(app);
  await repository.push(files);
  await mkdir(join(folder, 'config'));
  await writeFile(join(folder, 'secrets.yaml'), `webhooks: { github: [${secret}] }\n`, { mode: 0o600 });
  await writeFile(join(folder, 'config', 'apps.yaml'), yaml(application(app, repository.url, spec)));
  const dev = startCli(
    [
      ...['dev', '--config', 'config', '--state', 'state', '--kubeconfig', kubeconfigPath(), '--port', '0'],
      ...['--secrets', 'secrets.yaml', '--scan-interval', scanInterval],
    ],
    { cwd: folder },
  );
  const [, url = ''] = await dev.line(/^webhooks arrive at (http:\S+)\/webhooks\/github$/);
  forge.deliverTo((update) => fetch(`${url}/webhooks/github`, { method: 'POST', ...githubDelivery(update, secret) }));
  const ended: CliWorld['ended'] = (outcome) =>
    dev.line(new RegExp(`ended operation app=${app} operation=(\\S+) outcome=${outcome}`));
  await ended('synced');
  const ask = (...args: readonly string[]): Promise<Ended> => driftless(args, { env: { DRIFTLESS_URL: url } });
  return {
    app,
    kube,
    repository,
    dev,
    ask,
    askJson: async (...args) => {
      const { stdout, stderr } = await ask(...args, '-o', 'json');
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout);
    },
    async kubectl(...args) {
      const { kubectl } = await kubectlLayer();
      await promisify(execFile)(kubectl, ['--kubeconfig', kubeconfigPath(), '-n', app, ...args]);
    },
    async post(path, body) {
      const token = (await readFile(join(folder, 'state', 'token'), 'utf8')).trim();
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: reply.status, body: await reply.json() };
    },
    ended,
    async stop() {
      await dev.end('SIGKILL');
      await kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: app }).catch(() => undefined);
      await kube.close();
      await forge.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function application(name: string, repo: string, { sync, ...more }: { readonly sync?: object }): object {
  return {
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: {
      source: { repo, ref: 'main' },
      destination: { namespace: name },
      sync: { createNamespace: true, timeout: '60s', ...sync },
      ...more,
    },
  };
}
