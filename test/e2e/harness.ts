// The deployer as it runs on a laptop, on the control plane that all end-to-end tests share, with a DynamoDB, a Git server and a state folder
// of its own. Each application has a repository and a namespace of its own, so that tests disturb each other neither within a file nor beside it.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validConfig } from '../../cli/dev/config/config-folder.ts';
import type { LocalSecrets } from '../../cli/dev/secrets-file.ts';
import { type Deployer, startDeployer } from '../../cli/dev/wiring.ts';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import type { GitServerOptions } from '../../dev/git-server.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';
import type { Clock } from '../../lib/ports/runtime.ts';
import { createLog, type LogLine } from '../../lib/runtime/log.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type ApiProxy, startApiProxy } from './harness-api-proxy.ts';
import { type AppUnderTest, openApp, type Settings } from './harness-app.ts';
import { type Announced, type Changes, type Delivery, githubDelivery, startForge } from './harness-forge.ts';
import { type Kube, openKube } from './harness-kube.ts';

// Pods take their time, and the machine may have other work.
import.meta.jest.setTimeout(60_000);

export type HarnessOptions = {
  /** Token of who the deployer is in the cluster; by default an administrator. */
  readonly token?: string;
  /** What the Git server asks of its clients. */
  readonly gitCredentials?: GitServerOptions['credentials'];
  readonly secrets?: Partial<LocalSecrets>;
  readonly clock?: Clock;
};

export type Harness = {
  readonly deployer: Deployer;
  readonly kube: Kube;
  readonly api: ApiProxy;
  /** Where the deployer keeps what survives it. */
  readonly stateDir: string;
  /** Everything that the deployer has logged. */
  readonly log: readonly LogLine[];
  /** Declares an application, which is deployed at once; its repository begins with these files, or is empty. */
  app(files?: Changes | ((name: string) => Changes), settings?: Settings): Promise<AppUnderTest>;
  /** Makes a namespace that no application has made. */
  namespace(): Promise<string>;
  /** Sends a delivery to the deployer; gives its status and answer. */
  deliver(forge: string, delivery: Delivery): Promise<{ readonly status: number; readonly body: unknown }>;
  /** How pushes are announced from now on; undefined: not at all. */
  announce(how: ((update: Announced) => Promise<unknown>) | undefined): void;
  /** Ends the Git server; nobody can push or fetch any more. */
  stopGit(): Promise<void>;
  /** Stops the deployer; its state stays. */
  halt(): Promise<void>;
  /** Starts the deployer again, on the state that it left. */
  resume(): Promise<void>;
  /** Ends everything, and removes what was made in the cluster. */
  stop(): Promise<void>;
};

export const WEBHOOK_SECRET = 'a secret of the tests';

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-e2e-'));
  const access = await readKubeconfig({ path: kubeconfigPath() });
  const [api, forge] = await Promise.all([startApiProxy(access), startForge(folder, options.gitCredentials)]);
  const kube = openKube(access);
  const token = options.token ?? (await access.auth())['authorization']?.replace('Bearer ', '') ?? '';
  const prefix = `t${randomBytes(3).toString('hex')}`;
  const documents = new Map<string, readonly object[]>();
  let names = 0;
  let loaded = Promise.resolve();
  const log: LogLine[] = [];
  let deployer: Deployer;

  const nextName = (): string => {
    names += 1;
    return `${prefix}-${names}`;
  };

  const start = async (): Promise<void> => {
    deployer = await startDeployer({
      kubeconfig: { text: kubeconfigOf(api.url, token) },
      stateDir: join(folder, 'state'),
      port: 0,
      secrets: { webhooks: { github: [WEBHOOK_SECRET] }, repositories: {}, ...options.secrets },
      log: createLog((line) => log.push(line)),
      ...(options.clock && { clock: options.clock }),
    });
  };

  const deliver: Harness['deliver'] = async (name, { headers, body }) => {
    const reply = await fetch(`${deployer.url}/webhooks/${name}`, { method: 'POST', headers, body });
    return { status: reply.status, body: await reply.json() };
  };

  /** One at a time: what is loaded is the whole configuration. */
  const load = (): Promise<void> => {
    loaded = loaded.then(() => {
      const texts = [...documents.values()].flat().map((document) => JSON.stringify(document));
      return deployer.load(validConfig(parseConfig(new Map([['config.yaml', texts.join('\n---\n')]]))));
    });
    return loaded;
  };

  const announceGithub = (update: Announced): Promise<unknown> =>
    deliver('github', githubDelivery(update, WEBHOOK_SECRET));

  forge.deliverTo(announceGithub);
  await start();
  return {
    get deployer() {
      return deployer;
    },
    kube,
    api,
    stateDir: join(folder, 'state'),
    log,
    deliver,
    announce: forge.deliverTo,
    async app(files, settings = {}) {
      const name = nextName();
      const repository = await forge.createRepository(name);
      const first = typeof files === 'function' ? files(name) : files;
      if (first !== undefined) await repository.push(first);
      const declare = async (some: readonly object[]): Promise<void> => {
        documents.set(name, some);
        await load();
      };
      const app = openApp({ name, repository, declare, deployer: () => deployer, kube, log });
      await app.configure(settings);
      return app;
    },
    async namespace() {
      const name = nextName();
      await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },
    stopGit: () => forge.stop(),
    halt: () => deployer.stop(),
    async resume() {
      await start();
      await load();
    },
    async stop() {
      await deployer.stop();
      await Promise.all([api.stop(), forge.stop()]);
      await removeTraces(kube, prefix);
      await kube.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigOf(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

/** Namespaces go with all that is in them; of the cluster's own kinds, definitions are the only ones that tests leave. */
async function removeTraces(kube: Kube, prefix: string): Promise<void> {
  const own = [
    { apiVersion: 'v1', kind: 'Namespace' },
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  ];
  for (const type of own) {
    const objects = await kube.list(type.apiVersion, type.kind);
    const ours = objects.filter(
      ({ metadata }) => metadata.name.startsWith(prefix) || metadata.labels?.[APP_LABEL]?.startsWith(prefix),
    );
    for (const { metadata } of ours.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
      await kube.delete({ ...type, name: metadata.name });
    }
  }
}
