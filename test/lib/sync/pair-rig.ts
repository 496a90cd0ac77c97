// Applications `a` and `b` of one deployer, with the real state store on a table in memory and everything else a fake. Their operations run side by side; a seeded
// choice decides which of them makes its next request, when the next commit is pushed, and where a process stops for good.

import { setImmediate } from 'node:timers/promises';
import { applyConfig } from '../../../lib/config-repo/apply.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { Trigger } from '../../../lib/model/operation.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import { requestOperation } from '../../../lib/operations/request-operation.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { syncApp } from '../../../lib/sync/sync.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import { type Journal, MemoryFlow } from '../../fakes/memory-flow.ts';
import { FakeProjects } from '../../fakes/projects.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';
import { applicationOf, snapshotOf, treeOf } from '../render/fixture.ts';
import { type Commit, type FolderOf, pairFiles } from './pair-files.ts';

type Choose = (choices: number) => number;

type Process = { readonly app: string; readonly seq: number; isDead: boolean; waiting: (() => void)[] };

export class PairRig {
  readonly cluster = new FakeCluster('store');
  readonly log = new RecordingLog();
  readonly projects = new FakeProjects();
  /** What replaces ports of every operation. */
  changed: Partial<SyncPorts> = {};
  readonly #state: StateStore;
  readonly #clock: ManualClock;
  readonly #apps: readonly Application[];
  readonly #commits: readonly Commit[];
  readonly #choose: Choose;
  readonly #more: FolderOf | undefined;
  readonly #journals = new Map<string, Journal>();
  readonly #processes = new Set<Process>();
  readonly #blobs = new Map<string, Uint8Array>();
  #due: Process[] = [];
  #busy = 0;
  #head = 0;
  /** How many processes may still stop for good. */
  crashes = 0;

  constructor(
    { state, clock }: { readonly state: StateStore; readonly clock: ManualClock },
    world: {
      readonly commits: readonly Commit[];
      readonly repos: 1 | 2;
      readonly choose: Choose;
      /** What the folders hold beside ConfigMaps. */
      readonly more?: FolderOf;
      readonly options?: Partial<Application>;
    },
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#commits = world.commits;
    this.#choose = world.choose;
    this.#more = world.more;
    this.#apps = ['a', 'b'].map((name) => ({
      ...applicationOf({ repo: `https://git.test/acme/${world.repos === 1 ? 'shop' : name}`, path: name }),
      ...world.options,
      name,
    }));
  }

  get state(): StateStore {
    return this.#state;
  }

  /** The applications are configured, and their first commit is deployed without disturbance. */
  async begin(): Promise<void> {
    for (const app of this.#apps) await this.#state.putApplication(app, specHash(app));
    for (const { name } of this.#apps) await this.request(name, 'push');
    await this.#untilRest(() => false);
  }

  /** The configuration that the applications are in, or another one. */
  get applications(): readonly Application[] {
    return this.#apps;
  }

  /** Another configuration is loaded, as from Git; what it asks for is left to be settled. */
  configure(applications: readonly Application[]): Promise<void> {
    return applyConfig(applications, { ...this.ports, state: this.#state });
  }

  /** Pushes every further commit at some moment, and lets everything come to rest. */
  async play(): Promise<void> {
    await this.#untilRest(() => this.#head + 1 < this.#commits.length);
    // Sweeps find what waits.
    for (let sweeps = 0; sweeps < 8; sweeps += 1) {
      const records = await this.#state.applications();
      const waiting = records.filter(({ waiting: gates = [] }) => gates.length > 0);
      if (waiting.length === 0) return;
      for (const { app } of waiting) await this.request(app.name, 'handover');
      await this.#untilRest(() => false);
    }
  }

  /** The next commit becomes the head, and both applications are requested, as a webhook does. */
  async push(): Promise<void> {
    this.#head += 1;
    const names = (await this.#state.applications()).map(({ app }) => app.name);
    for (const name of this.#choose(2) === 0 ? names : names.toReversed()) await this.request(name, 'push');
  }

  /** Runs what was requested, with what follows from it. */
  async settle(): Promise<void> {
    await this.#untilRest(() => false);
  }

  /** Starts an operation that was requested, and runs it with what follows. */
  async start(app: string, seq: number): Promise<void> {
    this.#start(app, seq);
    await this.settle();
  }

  /** The next commit becomes the head, and nothing is requested. */
  commit(): void {
    this.#head += 1;
  }

  /** The history of an application, oldest first: `push waiting: …`. */
  async history(name: string): Promise<readonly string[]> {
    const operations = (await this.#state.operations(name, 50)).toReversed();
    return operations.map(({ trigger, outcome }) => `${trigger.kind} ${outcome?.status}: ${outcome?.message}`);
  }

  async request(name: string, kind: Trigger['kind']): Promise<void> {
    const record = await this.#state.application(name);
    if (record === undefined) throw new Error(`${name} is not configured`);
    const input = { trigger: { kind }, ...(kind === 'push' && { revision: this.#revision() }) };
    await requestOperation(record, input, { ...this.ports, state: this.#state });
  }

  /** Runs what is due until nothing is; while `more`, a push is one of the things that may happen next. */
  async #untilRest(more: () => boolean): Promise<void> {
    while (await this.#goOn(more)) await setImmediate();
  }

  /** One thing happens; false where nothing is left to happen. */
  async #goOn(more: () => boolean): Promise<boolean> {
    if (this.#busy > 0) return true;
    for (const process of this.#due.splice(0)) this.#run(process);
    const open = [...this.#processes].flatMap((process) => process.waiting.map(() => process));
    if (open.length > 0) await this.#next(open, more);
    else if (more()) await this.push();
    else if (this.#processes.size === 0 && this.#due.length === 0) return false;
    else await this.#clock.advanceToNext();
    return true;
  }

  async #next(open: readonly Process[], more: () => boolean): Promise<void> {
    const choice = this.#choose(20);
    if (choice === 0 && more()) return this.push();
    const process = open[this.#choose(open.length)];
    if (process === undefined) return;
    if (choice === 1 && this.crashes > 0) return this.#crash(process);
    process.waiting.shift()?.();
  }

  /** The process makes no further request; another one continues with its journal. */
  #crash(process: Process): void {
    this.crashes -= 1;
    process.isDead = true;
    process.waiting = [];
    this.#processes.delete(process);
    this.#start(process.app, process.seq);
  }

  #start(app: string, seq: number): void {
    const isKnown = [...this.#processes, ...this.#due].some((one) => one.app === app && one.seq === seq);
    if (!isKnown) this.#due.push({ app, seq, isDead: false, waiting: [] });
  }

  #run(process: Process): void {
    const { app, seq } = process;
    const name = `${app}-${seq}`;
    const journal = this.#journals.get(name) ?? [];
    this.#journals.set(name, journal);
    this.#processes.add(process);
    const flow = new MemoryFlow(journal, this.#clock, () => this.#turn(process));
    const ports = this.ports;
    const own: SyncPorts = {
      ...ports,
      state: this.#inTurns(this.#state, process),
      clusters: { open: async () => this.#inTurns(this.cluster, process) },
    };
    const end = (): void => {
      if (!process.isDead) this.#processes.delete(process);
    };
    syncApp({ app, seq }, flow, own).then(end, end);
  }

  /** Each call waits for its turn; a process that is dead waits for ever. */
  #inTurns<T extends object>(port: T, process: Process): T {
    return new Proxy(port, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== 'function' || name === 'watch')
          return typeof call === 'function' ? call.bind(target) : call;
        return async (...args: readonly unknown[]) => {
          await this.#turn(process);
          this.#busy += 1;
          try {
            return await call.apply(target, args);
          } finally {
            this.#busy -= 1;
          }
        };
      },
    });
  }

  async #turn(process: Process): Promise<void> {
    if (process.isDead) await new Promise(() => undefined);
    await new Promise<void>((resolve) => process.waiting.push(resolve));
  }

  /** The outside world of an operation. */
  get ports(): SyncPorts {
    return {
      git: {
        resolve: async () => this.#revision(),
        open: async (_repo, revision) => ({
          ...snapshotOf(treeOf(pairFiles(Number(revision), this.#commits, this.#more))),
          revision,
        }),
      },
      renderer: { render: () => Promise.reject(new Error('plain manifests need no renderer')) },
      clusters: { open: async () => this.cluster },
      projects: this.projects,
      state: this.#state,
      blobs: { put: async (key, bytes) => void this.#blobs.set(key, bytes), get: async (key) => this.#blobs.get(key) },
      operations: { start: async (app, seq) => this.#start(app, seq) },
      clock: this.#clock,
      log: this.log,
      deployer: 'test',
      toolVersions: 'test',
      ...this.changed,
    };
  }

  #revision(): string {
    return String(this.#head).padStart(40, '0');
  }
}
