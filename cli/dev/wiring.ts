// The composition root on a laptop: the only file of the command line that makes adapters. What runs here is what runs on AWS, with
// stand-ins for DynamoDB, S3, Secrets Manager and the durable service.
import { join } from 'node:path';
import { lockFolder } from '../../dev/journal/lock.ts';
import { createJournal } from '../../dev/journal.ts';
import { createRetention } from '../../dev/retention.ts';
import { createFolderBlobs } from '../../lib/blobs/folder-blobs.ts';
import { applyConfig } from '../../lib/config-repo/apply.ts';
import { asDriftlessError, type DriftlessError } from '../../lib/errors.ts';
import { createOutbox } from '../../lib/events/outbox.ts';
import { durableHandler } from '../../lib/flow/durable-flow.ts';
import { createGit } from '../../lib/git/git.ts';
import { diffHead } from '../../lib/inspect/diff/diff-head.ts';
import { type DiffRequest, diffLive } from '../../lib/inspect/diff/diff-live.ts';
import type { ApplicationRecord } from '../../lib/model/application-record.ts';
import type { Configuration } from '../../lib/model/configuration.ts';
import type { ConfigReport } from '../../lib/model/configuration-record.ts';
import { deployerChanged } from '../../lib/operations/deployer-changed.ts';
import type { Clusters } from '../../lib/ports/cluster.ts';
import type { Outbox } from '../../lib/ports/events.ts';
import type { Clock, Log } from '../../lib/ports/runtime.ts';
import type { Blobs, StateStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import type { SyncRequest } from '../../lib/sync/operation/run.ts';
import { type HeadPlan, type PlanHeadPorts, planHead } from '../../lib/sync/plan-head.ts';
import { syncApp } from '../../lib/sync/sync.ts';
import { type SweepPorts, sweep } from '../../lib/triggers/sweep.ts';
import { type KubeconfigSource, readKubeconfig } from '../kubeconfig/kubeconfig.ts';
import { openCluster, renderingTools } from '../source/verb-wiring.ts';
import { apiToken } from './api-token.ts';
import { logNotifier, noMetrics, ToldAlarms } from './dev-ports.ts';
import { createDevRoutes } from './dev-routes.ts';
import { identityIn, newIdentityNotice } from './identity.ts';
import { listen } from './listen.ts';
import { settleIn } from './programs/new-cluster.ts';
import { Outages } from './programs/outages.ts';
import { openTable, startEmbedded } from './programs/start-programs.ts';
import type { LocalSecrets } from './secrets-file.ts';
import { Settings } from './settings.ts';
import { type DriftWatch, watchDrift } from './watch-drift.ts';

const TABLE_NAME = 'driftless';
const SWEEP_MS = 30_000;

export type DeployerOptions = {
  /** Absent: the embedded control plane is started. */
  readonly kubeconfig?: KubeconfigSource;
  readonly stateDir: string;
  /** The deployer's identity; absent: the one of the state folder, or a new one. */
  readonly deployer?: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly secrets: LocalSecrets;
  /** A DynamoDB to use instead of the emulator. */
  readonly dynamoDbEndpoint?: string;
  readonly log: Log;
  /** Absent: the machine's own. */
  readonly clock?: Clock;
  /** How long an operation's lease lasts without being extended; 60 s. */
  readonly leaseSeconds?: number;
  /** What came of the newest look at the configuration; absent where it is not followed. */
  readonly configuration?: () => Promise<ConfigReport | undefined>;
  /** Milliseconds between drift scans; absent or 0: only on request. */
  readonly scanMs?: number;
};

/** A running deployer. */
export type Deployer = {
  readonly url: string;
  /** What requests to the API send. */
  readonly token: string;
  readonly kubeconfigPath: string | undefined;
  /** Resolves when a program that it needs has ended and cannot be started again. */
  readonly lost: Promise<DriftlessError>;
  /** Its identity. */
  readonly deployer: string;
  /** What the user has to know of the identity, where it is new or another one than before. */
  readonly notice?: string;
  readonly state: StateStore;
  readonly blobs: Blobs;
  readonly clusters: Clusters;
  /** Scans for drift at once. */
  readonly scan: DriftWatch['scan'];
  /** Names of the operations that are in a step, which the end waits for. */
  readonly inStep: () => readonly string[];
  /** Follows a configuration: applications, clusters, repositories. */
  load(config: Configuration): Promise<void>;
  stop(): Promise<void>;
};

/** Starts everything, in the order in which it is needed; what was started is stopped again when something fails. */
export async function startDeployer(options: DeployerOptions): Promise<Deployer> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    const ends = started.splice(0).reverse();
    const failures: unknown[] = [];
    for (const end of ends) await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await start(options, (end) => started.push(end))), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

type OnStop = (end: () => Promise<void>) => void;

async function start(options: DeployerOptions, onStop: OnStop): Promise<Omit<Deployer, 'stop'>> {
  const { stateDir, log, clock = systemClock, leaseSeconds, kubeconfig, configuration } = options;
  // What can be refused is refused before anything is started that takes seconds.
  onStop(await lockFolder(stateDir));
  const endpoint = await listen(options.port);
  onStop(endpoint.stop);
  if (kubeconfig !== undefined) await readKubeconfig(kubeconfig);

  const outages = new Outages(log);
  const embedded = kubeconfig === undefined ? await startEmbedded(outages, onStop) : undefined;
  const client = await openTable({ ...options, table: TABLE_NAME }, { outages, onStop });
  const blobs = createFolderBlobs(join(stateDir, 'blobs'), () => clock.now());
  const settings = new Settings({
    secrets: options.secrets,
    kubeconfig: () => kubeconfig ?? { text: embedded?.current().kubeconfig ?? '' },
    openCluster: (source) => openCluster(source, { log, clock }),
  });
  onStop(() => settings.close());
  const journal = await createJournal({ dir: join(stateDir, 'journal'), clock, log });
  onStop(() => journal.stop());
  const { identity: deployer, isNew } = await identityIn(stateDir, options.deployer);
  const state = createStateStore({ client, table: TABLE_NAME, clock, log, worker: journal.id });

  const { secrets, clusters, projects } = settings;
  const git = createGit({ secrets });
  const { renderer, versions } = await renderingTools(join(stateDir, 'render'));
  const adapters = { git, clusters, projects, state, blobs, operations: journal.operations, alarms: new ToldAlarms() };
  const world = { ...adapters, clock, log, deployer, metrics: noMetrics };
  const outbox = createOutbox({ events: state, sinks: [{ name: 'log', notifier: logNotifier(log) }], log });
  const ports = { ...world, renderer, toolVersions: versions, outbox, ...(leaseSeconds && { leaseSeconds }) };
  journal.resume(
    durableHandler((request: SyncRequest, flow) => syncApp(request, flow, ports), { client: journal.client, log }),
  );

  const drift = watchDrift(options.scanMs ?? 0, { ...world, outbox });
  onStop(drift.stop);
  const cluster = await settleIn(embedded, { ...world, projects });
  const token = await apiToken(stateDir);
  const answered = { ...world, ...drift, ...onDemand(ports), ...(configuration && { configuration }) };
  endpoint.answer(outages.gate(createDevRoutes({ ...answered, secrets, outbox, token }).fetch));
  const cleanUp = createRetention({ client, table: TABLE_NAME, blobs, journal, clock, log });
  const timer = setInterval(() => void sweepOrWarn({ ...ports, cleanUp }), SWEEP_MS);
  onStop(async () => clearInterval(timer));
  return {
    url: endpoint.url,
    token,
    kubeconfigPath: embedded?.current().kubeconfigPath,
    lost: outages.lost,
    deployer,
    ...(await noticeOf({ state, deployer, isNew: isNew && kubeconfig !== undefined })),
    ...cluster.notice,
    state,
    blobs,
    clusters,
    scan: drift.scan,
    inStep: journal.inStep,
    load: async (config) => {
      settings.use(config, clock.now());
      await cluster.grant(config.projects);
      await applyConfig(config.applications, ports);
      await cluster.deployAnew();
      await sweepOrWarn({ ...ports, cleanUp });
    },
  };
}

/** What the API does at once; on AWS, other functions and the sweep do it. */
function onDemand(ports: SweepPorts & PlanHeadPorts & Parameters<typeof diffHead>[1] & Parameters<typeof diffLive>[1]) {
  return {
    diffLive: (request: DiffRequest) => diffLive(request, ports),
    diffHead: (request: DiffRequest) => diffHead(request, ports),
    look: (apps: readonly string[]): Promise<void> => sweep(ports, apps),
    dryRun: (record: ApplicationRecord): Promise<HeadPlan> => planHead(record, ports),
  };
}

type Identity = Pick<Deployer, 'state' | 'deployer'> & { readonly isNew: boolean };

/** What is said of the identity where it is not the one that the table notes, or new in a cluster that other deployers may know. */
async function noticeOf({ state, deployer, isNew }: Identity): Promise<Pick<Deployer, 'notice'>> {
  const changed = await deployerChanged({ state, deployer });
  if (changed !== undefined) return { notice: changed.message };
  return isNew ? { notice: newIdentityNotice(deployer) } : {};
}

/** A sweep that fails is repeated after the interval; no caller waits for it. */
async function sweepOrWarn(
  ports: SweepPorts & { readonly outbox: Outbox; readonly cleanUp: () => Promise<void> },
): Promise<void> {
  try {
    await sweep(ports);
    await ports.outbox.deliverAll();
    await ports.cleanUp();
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep', { code, reason: message });
  }
}
