// One application under test: its repository, what the deployer has recorded of it, and what is live of it.

import type { Deployer } from '../../cli/dev/wiring.ts';
import { formatChange, formatRefusal } from '../../lib/diff/format.ts';
import type { ChangeSet } from '../../lib/model/change-set.ts';
import { formatRef, type KubeObject } from '../../lib/model/kube-object.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { JsonBlobs } from '../../lib/runtime/json-blobs.ts';
import { formatLogLine, type LogLine } from '../../lib/runtime/log.ts';
import type { Changes, ForgeRepository } from './harness-forge.ts';
import type { Kube } from './harness-kube.ts';

const SETTLE_MS = 50_000;
const POLL_MS = 20;

/** Parts of an Application's specification, laid over what the tests begin with. */
export type Settings = {
  readonly source?: object;
  readonly destination?: object;
  readonly sync?: object;
  readonly drift?: object;
  readonly rollback?: object;
  /** Limits of a project that is called as the application; absent: it is in `default`. */
  readonly project?: object;
  /** Name of the secret with the repository's credentials. */
  readonly secret?: string;
};

export type AppUnderTest = {
  /** Of the application, of its repository and of its namespace. */
  readonly name: string;
  readonly repository: ForgeRepository;
  /** Gives it another specification, as an edit of the configuration would. */
  configure(settings: Settings): Promise<void>;
  /** Gives it another name in the configuration, and nothing else. */
  rename(to: string): Promise<void>;
  /** Commits, pushes, and waits until what was asked for last has ended. */
  deploy(changes: Changes): Promise<Operation>;
  /** The operation that was asked for last, when it has ended. */
  settled(): Promise<Operation>;
  /** The operation that was asked for last, when something is so. */
  until(what: string, satisfied: (newest: Operation) => boolean): Promise<Operation>;
  changeSet(operation: Operation): Promise<ChangeSet>;
  /** The change set as people read it, unchanged objects left out. */
  changes(operation: Operation): Promise<readonly string[]>;
  refusals(operation: Operation): Promise<readonly string[]>;
  live(apiVersion: string, kind: string, name: string): Promise<KubeObject | undefined>;
  /** A value that changes with the object, also when it is made anew; undefined where there is none. */
  version(apiVersion: string, kind: string, name: string): Promise<string | undefined>;
  /** What is in the inventory, by name. */
  inventory(): Promise<readonly string[]>;
  /** `2 push synced`, oldest first. */
  history(): Promise<readonly string[]>;
};

type World = {
  readonly name: string;
  readonly repository: ForgeRepository;
  readonly declare: (documents: readonly object[]) => Promise<void>;
  /** The deployer that runs now. */
  readonly deployer: () => Deployer;
  readonly kube: Kube;
  readonly log: readonly LogLine[];
};

export function openApp({ name, repository, declare, deployer, kube, log }: World): AppUnderTest {
  const newest = async (): Promise<Operation | undefined> => (await deployer().state.operations(name, 1))[0];

  const app: AppUnderTest = {
    name,
    repository,
    configure: (settings) => declare(documentsOf(name, repository.url, settings)),
    async rename(to) {
      const [application, ...others] = documentsOf(name, repository.url, {});
      await declare([{ ...application, metadata: { name: to } }, ...others]);
    },
    async deploy(changes) {
      await repository.push(changes);
      return app.settled();
    },
    settled: () => app.until('to end', ({ phase }) => phase === 'done'),
    async until(what, satisfied) {
      const deadline = performance.now() + SETTLE_MS;
      for (;;) {
        const operation = await newest();
        if (operation !== undefined && satisfied(operation)) return operation;
        if (performance.now() > deadline) throw new Error(`waited for ${what}: ${explain(operation, log)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    changeSet: ({ changeSetKey = '' }) => new JsonBlobs<ChangeSet>(deployer().blobs).get(changeSetKey),
    changes: async (operation) => {
      const { changes } = await app.changeSet(operation);
      return changes.filter(({ action }) => action !== 'unchanged').flatMap(formatChange);
    },
    refusals: async (operation) => (await app.changeSet(operation)).refusals.map(formatRefusal),
    live: (apiVersion, kind, object) => kube.get({ apiVersion, kind, name: object, namespace: name }),
    async version(apiVersion, kind, object) {
      const live = await app.live(apiVersion, kind, object);
      return live && `${live.metadata.uid} ${live.metadata.resourceVersion}`;
    },
    inventory: async () => (await deployer().state.inventory(name)).map(formatRef).sort(),
    history: async () => {
      const operations = await deployer().state.operations(name, 100);
      return operations.map(({ seq, trigger, outcome }) => `${seq} ${trigger.kind} ${outcome?.status}`).reverse();
    },
  };
  return app;
}

function explain(operation: Operation | undefined, log: readonly LogLine[]): string {
  const lines = log.slice(-20).map((line) => formatLogLine(line, new Date(0)));
  return [JSON.stringify(operation), ...lines].join('\n');
}

function documentsOf(
  name: string,
  repo: string,
  { source, destination, sync, drift, rollback, project, secret }: Settings,
): readonly object[] {
  const apiVersion = 'driftless.dev/v1';
  const spec = {
    source: { repo, ref: 'main', ...source },
    destination: { namespace: name, ...destination },
    sync: { createNamespace: true, timeout: '1m', ...sync },
    ...(drift && { drift }),
    ...(rollback && { rollback }),
    ...(project && { project: name }),
  };
  const application = { apiVersion, kind: 'Application', metadata: { name }, spec };
  if (project !== undefined) return [application, { apiVersion, kind: 'Project', metadata: { name }, spec: project }];
  if (secret === undefined) return [application];
  const repository = {
    apiVersion,
    kind: 'Repository',
    metadata: { name },
    spec: { url: repo, credentials: { secret } },
  };
  return [application, repository];
}
