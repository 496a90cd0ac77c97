// The deployer as a process of its own, that is killed for good or put to sleep.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { delivery } from './delivery.ts';
import type { ChildOptions } from './deployer-child.ts';
import { type Death, Mortal } from './mortal.ts';
import type { Victim } from './play.ts';
import { type Intercept, startProxy } from './proxy.ts';
import type { World } from './world.ts';

export type DeployerProcess = Victim & {
  /** Requests that it has sent to the API server and to DynamoDB. */
  readonly requests: readonly string[];
  /** What it has logged, a JSON object each. */
  readonly log: readonly string[];
  /** `SIGSTOP`, `SIGCONT` or `SIGKILL`. */
  signal(signal: NodeJS.Signals): void;
};

export type ProcessOptions = {
  /** With which request it is killed. */
  readonly death?: Death;
  /** After how many milliseconds it is killed. */
  readonly deathMs?: number;
  /** Looks at requests to the API server on their way. */
  readonly intercept?: Intercept;
  readonly leaseSeconds?: number;
  /** The name of its folder; two deployers need two. */
  readonly name?: string;
};

const CHILD = fileURLToPath(new URL('./deployer-child.ts', import.meta.url));

/** Starts one on the state that the one before has left. */
export async function startDeployerProcess(world: World, options: ProcessOptions = {}): Promise<DeployerProcess> {
  const { death, deathMs, leaseSeconds, name = 'state', intercept = (_, exchange) => exchange() } = options;
  const mortal = new Mortal(death);
  const { server, caData } = world.access;
  const counted: Intercept = (request, exchange) => mortal.call(request, () => intercept(request, exchange));
  const [api, dynamoDb] = await Promise.all([
    startProxy({ url: server, caData, intercept: counted }),
    startProxy({ url: world.dynamoDbEndpoint, intercept: (request, exchange) => mortal.call(request, exchange) }),
  ]);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD], { stdio: 'pipe' });
  const exited = once(child, 'exit');
  void mortal.died.then(() => child.kill('SIGKILL'));
  const timer = deathMs === undefined ? undefined : setTimeout(() => mortal.kill(`after ${deathMs} ms`), deathMs);
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  child.stdin.on('error', () => undefined);
  const first: ChildOptions = {
    app: world.app,
    kubeconfig: await kubeconfigOf(world, api.url),
    dynamoDbEndpoint: dynamoDb.url,
    stateDir: join(world.folder, name),
    secret: world.secret,
    ...(leaseSeconds !== undefined && { leaseSeconds }),
  };
  child.stdin.write(`${JSON.stringify(first)}\n`);
  const ready = Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([url]) => String(url)),
    exited.then(() => unlessKilled(new Error(`the deployer ended by itself: ${log.join('\n')}`))),
  ]);

  /** A failure, unless it comes of having been killed; then nothing comes. */
  function unlessKilled(error: unknown): Promise<never> {
    return mortal.dead ? new Promise(() => undefined) : Promise.reject(error);
  }

  return {
    requests: mortal.calls,
    log,
    died: Promise.all([mortal.died, exited]).then(([where]) => where),
    signal: (signal) => child.kill(signal),
    load: async () => void (await ready),
    async deliver(push) {
      const { headers, body } = delivery(push, world);
      const sent = fetch(`${await ready}/webhooks/github`, { method: 'POST', headers, body });
      return sent.then(({ status }) => status, unlessKilled);
    },
    async end() {
      clearTimeout(timer);
      mortal.kill('the end');
      child.kill('SIGKILL');
      await exited;
      await Promise.all([api.stop(), dynamoDb.stop()]);
    },
  };
}

async function kubeconfigOf({ access }: World, server: string): Promise<string> {
  const token = (await access.auth())['authorization']?.replace('Bearer ', '') ?? '';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
