import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Operation } from '../lib/model/operation.ts';

export type ChildOptions = { readonly kubeconfig: string; readonly stateDir: string; readonly webhookSecret: string };

export type Usage = { readonly cpuSeconds: number; readonly rssMB: number; readonly peakRssMB: number };

export type Call = { readonly id: number; readonly verb: 'usage' | 'load' | 'newest'; readonly argument: string };

type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** A deployer in a process of its own. */
export type BenchDeployer = {
  readonly webhookUrl: string;
  load(config: string): Promise<void>;
  /** The newest operation of an application. */
  newest(app: string): Promise<Operation | undefined>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
};

const CHILD = fileURLToPath(new URL('deployer-child.ts', import.meta.url));

/** Starts a deployer as `npm run driftless` does; more flags of Node for it, such as those of the profiler, come from `BENCH_NODE_OPTIONS`. */
export async function startBenchDeployer(options: ChildOptions): Promise<BenchDeployer> {
  const { flags, environment } = await startedWith();
  const more = (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter((flag) => flag !== '');
  const child = fork(CHILD, [JSON.stringify(options)], {
    execArgv: [...flags, ...more],
    env: { ...process.env, ...environment },
    serialization: 'json',
  });
  const calls = new Calls(child);
  const url = String(await calls.started);
  return {
    webhookUrl: `${url}/webhooks/github`,
    load: async (config) => void (await calls.call('load', config)),
    newest: async (app) => (await calls.call('newest', app)) as Operation | undefined,
    usage: async () => (await calls.call('usage', '')) as Usage,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** What stands before and behind `node` in the script that starts the command line. */
export async function startedWith(): Promise<{
  flags: readonly string[];
  environment: Readonly<Record<string, string>>;
}> {
  const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const found = /&& (?<environment>(?:[A-Z_]+=\S+ )*)exec node (?<flags>(?:--\S+ )*)cli\/main\.ts/.exec(
    scripts.driftless,
  );
  if (found === null)
    throw new Error('package.json: the script driftless does not start cli/main.ts as the benches expect');
  const words = (text = ''): readonly string[] => text.split(' ').filter((word) => word !== '');
  return {
    flags: words(found.groups?.['flags']),
    environment: Object.fromEntries(words(found.groups?.['environment']).map((pair) => pair.split('=', 2))),
  };
}

/** Calls over the channel to a child process; all of them fail when it ends. */
class Calls {
  readonly started: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #last = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.started = this.#answerTo(0);
    child.on('message', ({ id, value, error }: Answer) => {
      const open = this.#open.get(id);
      this.#open.delete(id);
      if (error === undefined) open?.resolve(value);
      else open?.reject(new Error(error));
    });
    child.once('exit', () => {
      for (const { reject } of this.#open.values()) reject(new Error('the deployer under measurement has ended'));
    });
  }

  call(verb: Call['verb'], argument: string): Promise<unknown> {
    this.#last += 1;
    const call: Call = { id: this.#last, verb, argument };
    const answer = this.#answerTo(call.id);
    this.#child.send(call);
    return answer;
  }

  #answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
  }
}
