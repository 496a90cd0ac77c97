// A deployer on the shared API server, with a Git server of its own and a record of everything that it says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { validConfig } from '../../cli/dev/config/config-folder.ts';
import type { LocalSecrets } from '../../cli/dev/secrets-file.ts';
import { type Deployer, type DeployerOptions, startDeployer } from '../../cli/dev/wiring.ts';
import { type GitServerOptions, startGitServer } from '../../dev/git-server.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { openRepository, type Repository } from '../lib/git/git-cli.ts';
import { fromGithub, jsonBytes } from '../lib/webhook/deliveries.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

/** For a test that has other work of the machine beside it. */
export const PATIENCE_MS = 120_000;

export const WEBHOOK_SECRET = 'hostile-webhook-secret';

const POLL_MS = 50;

/** A repository of the world's Git server. */
export type HostedRepository = Repository & { readonly url: string };

/** An Application's specification, and its name. */
export type AppSpec = { readonly name: string; readonly source: object; readonly [field: string]: unknown };

export type World = {
  readonly deployer: Deployer;
  /** Every line that the deployer logged. */
  readonly lines: RecordingLog['lines'];
  /** Where everything is that the world keeps on disk; the deployer's part is in `state`. */
  readonly folder: string;
  repository(name: string): Promise<HostedRepository>;
  /** Loads these applications, and nothing else but further documents. */
  load(apps: readonly AppSpec[], documents?: readonly object[]): Promise<void>;
  /** Sends a signed delivery; `fields` go over those of a push. */
  deliver(url: string, after: string, fields?: object): Promise<Response>;
  /** An operation when it has ended. */
  ended(app: string, seq: number): Promise<Operation>;
  stop(): Promise<void>;
};

export type WorldOptions = Partial<Pick<DeployerOptions, 'kubeconfig' | 'dynamoDbEndpoint'>> & {
  readonly secrets?: Partial<LocalSecrets>;
  readonly gitCredentials?: GitServerOptions['credentials'];
};

/** Starts it; whatever was started is stopped when something fails. */
export async function startWorld({ secrets, gitCredentials, ...options }: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-hostile-'));
  const log = new RecordingLog();
  const repositories = join(folder, 'repositories');
  const gitServer = await startGitServer({
    folder: repositories,
    ...(gitCredentials && { credentials: gitCredentials }),
  });
  const deployer = await startDeployer({
    kubeconfig: { path: kubeconfigPath() },
    stateDir: join(folder, 'state'),
    port: 0,
    log,
    ...options,
    secrets: { webhooks: { github: [WEBHOOK_SECRET] }, repositories: {}, ...secrets },
  });
  return {
    deployer,
    lines: log.lines,
    folder,
    repository: async (name) => {
      const url = await gitServer.createRepository(name);
      return { ...openRepository(join(repositories, `${name}.git`)), url };
    },
    load: (apps, documents = []) => deployer.load(configOf([...apps.map(documentOf), ...documents])),
    deliver: (url, after, fields) => deliver(deployer.url, pushPayload(url, after, fields)),
    ended: (app, seq) => ended(deployer, app, seq),
    stop: async () => {
      await deployer.stop();
      await gitServer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A ConfigMap as text. */
export function configMap(name: string, data: Readonly<Record<string, string>> = { a: '1' }): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

function documentOf({ name, ...spec }: AppSpec): object {
  return { apiVersion: 'driftless.dev/v1', kind: 'Application', metadata: { name }, spec };
}

function configOf(documents: readonly object[]): ReturnType<typeof validConfig> {
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
  return validConfig(parseConfig(new Map([['test.yaml', text]])));
}

function pushPayload(url: string, after: string, fields: object = {}): object {
  const repository = { clone_url: url, ssh_url: null, html_url: url, default_branch: 'main' };
  return { ref: 'refs/heads/main', after, head_commit: { id: after }, repository, ...fields };
}

function deliver(endpoint: string, payload: object): Promise<Response> {
  const { headers, body } = fromGithub(jsonBytes(payload), {}, WEBHOOK_SECRET);
  const sent = { ...headers, 'content-type': 'application/json' } as Record<string, string>;
  return fetch(`${endpoint}/webhooks/github`, { method: 'POST', headers: sent, body: Buffer.from(body) });
}

async function ended({ state }: Deployer, app: string, seq: number): Promise<Operation> {
  const deadline = performance.now() + PATIENCE_MS;
  let seen: Operation | undefined;
  while (performance.now() < deadline) {
    seen = await state.operation(app, seq).catch(() => undefined);
    if (seen?.phase === 'done') return seen;
    await wait(POLL_MS);
  }
  throw new Error(`${app}-${seq} did not end; it is in ${seen?.phase ?? 'no phase'}`);
}
