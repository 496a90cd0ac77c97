// Deployers that share one world: each a process with a folder of its own, whose requests to the API server are seen on their way.
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { type DeployerProcess, startDeployerProcess } from './deployer-process.ts';
import { exampleCommits } from './example.ts';
import type { Intercept } from './proxy.ts';
import { openWorld, type World } from './world.ts';

/** A request that changes something in the cluster, and which deployer sent it. */
export type Write = { readonly by: string; readonly request: string };

export class Pair {
  readonly world: World;
  readonly writes: Write[] = [];
  /** The commits pushed so far. */
  readonly revisions: string[] = [];
  readonly #leaseSeconds: number;
  readonly #deployers: DeployerProcess[] = [];

  constructor(world: World, leaseSeconds: number) {
    this.world = world;
    this.#leaseSeconds = leaseSeconds;
  }

  static async open(kubeconfig: string, leaseSeconds: number): Promise<Pair> {
    return new Pair(await openWorld(kubeconfig), leaseSeconds);
  }

  /** Starts a deployer; `onWrite` hears of each of its writes before that goes on to the API server. */
  async start(by: string, onWrite: (request: string) => void = () => undefined): Promise<DeployerProcess> {
    const intercept: Intercept = (request, exchange) => {
      if (isWrite(request)) {
        this.writes.push({ by, request });
        onWrite(request);
      }
      return exchange();
    };
    const deployer = await startDeployerProcess(this.world, { name: by, leaseSeconds: this.#leaseSeconds, intercept });
    this.#deployers.push(deployer);
    return deployer;
  }

  /** Pushes a commit of the example; gives its id. */
  async push(place: number): Promise<string> {
    const files = exampleCommits(this.world.app.name)[place] ?? {};
    const revision = await this.world.repository.commit(files, this.revisions.at(-1));
    await this.world.repository.push(revision);
    this.revisions.push(revision);
    return revision;
  }

  /** Deploys the first commit, then has the second one delivered to the same deployer. */
  async deployTwice(deployer: DeployerProcess, between: () => void = () => undefined): Promise<string> {
    const first = await this.push(0);
    await deployer.load();
    await this.world.settled(first);
    between();
    const second = await this.push(1);
    await deployer.deliver({ revision: second });
    return second;
  }

  /** Puts a deployer to sleep with its n-th write of the second commit, or the first that is like this. */
  async sleepAt(moment: number | RegExp): Promise<{ readonly sleeper: DeployerProcess; readonly second: string }> {
    const asleep = Promise.withResolvers<void>();
    let count = Number.NEGATIVE_INFINITY;
    const sleeper = await this.start('a', (request) => {
      count += 1;
      const isIt = typeof moment === 'number' ? count === moment : count > 0 && moment.test(request);
      if (!isIt) return;
      count = Number.NEGATIVE_INFINITY;
      sleeper.signal('SIGSTOP');
      asleep.resolve();
    });
    const second = await this.deployTwice(sleeper, () => {
      count = 0;
    });
    await asleep.promise;
    return { sleeper, second };
  }

  async leaseExpired(): Promise<void> {
    const lease = (await this.world.state.application(this.world.app.name))?.lease;
    const left = Date.parse(lease?.expiresAt ?? '') - Date.now();
    await systemClock.sleep(Math.max(left, 0) + 1);
  }

  async history(): Promise<readonly string[]> {
    const operations = await this.world.state.operations(this.world.app.name, 100);
    return operations.map(({ seq, outcome }) => `${seq} ${outcome?.status}`).reverse();
  }

  async close(): Promise<void> {
    await Promise.all(this.#deployers.map((deployer) => deployer.end()));
    await this.world.close();
  }
}

function isWrite(request: string): boolean {
  return !request.startsWith('GET ') && !request.includes('dryRun=All');
}
