// The deployer of `driftless dev` in a process of its own, whose memory is measured. In: options as JSON in the first argument, then one question after another over
// the channel to its parent. Out: the answers. Its clock goes ahead by what a question says. Ends with its parent.
import { startDeployer } from '../../cli/dev/wiring.ts';
import type { Application } from '../../lib/model/application.ts';
import type { Clock, Log } from '../../lib/ports/runtime.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';

export type ChildOptions = {
  readonly app: Application;
  readonly kubeconfig: string;
  readonly stateDir: string;
  readonly secret: string;
};

/** What the parent asks: to load the configuration, which sweeps and cleans up; a scan; the end of the operation of a commit; a rollback; memory. */
export type Question = {
  readonly verb: 'load' | 'scan' | 'ended' | 'rollback' | 'memory';
  /** The commit, for `ended`. */
  readonly revision?: string;
  /** Milliseconds that pass after it. */
  readonly passMs?: number;
};

export type Reply = { readonly value?: unknown; readonly error?: string };

/** After garbage collection, in bytes: what JavaScript holds in its heap and outside of it, and what the process has of the machine. */
export type Memory = { readonly held: number; readonly resident: number };

const POLL_MS = 5;
const LIMIT_MS = 60_000;

const { app, kubeconfig, secret, stateDir }: ChildOptions = JSON.parse(process.argv[2] ?? '{}');
let aheadMs = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const told = (message: string, fields?: object) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const log: Log = { info: () => undefined, warn: told, error: told, bind: () => log };

const deployer = await startDeployer({
  kubeconfig: { path: kubeconfig },
  stateDir,
  port: 0,
  secrets: { webhooks: { github: [secret] }, repositories: {} },
  log,
  clock,
});

/** The newest operation, as soon as it satisfies and has ended. */
async function ended(satisfies: (revision: string | undefined) => boolean): Promise<unknown> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const [newest] = await deployer.state.operations(app.name, 1);
    if (newest?.phase === 'done' && satisfies(newest.revision)) return newest.outcome?.status;
    await systemClock.sleep(POLL_MS);
  }
  throw new Error(`the newest operation of ${app.name} has not ended within ${LIMIT_MS / 1000} s`);
}

async function rollBack(): Promise<unknown> {
  const { url, token } = deployer;
  const reply = await fetch(`${url}/api/applications/${app.name}/rollback`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`the rollback is answered ${reply.status}: ${text}`);
  return ended(() => true);
}

async function memory(): Promise<Memory> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await systemClock.sleep(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, resident: rss };
}

async function answer({ verb, revision }: Question): Promise<unknown> {
  if (verb === 'load') return deployer.load({ applications: [app], projects: [], clusters: [], repositories: [] });
  if (verb === 'scan') return void (await deployer.scan());
  if (verb === 'ended') return ended((deployed) => deployed === revision);
  if (verb === 'rollback') return rollBack();
  return memory();
}

process.on('message', (question: Question) => {
  answer(question).then(
    (value) => {
      aheadMs += question.passMs ?? 0;
      process.send?.({ value: value ?? null });
    },
    (error) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => void deployer.stop().finally(() => process.exit(0)));
process.send?.({ value: deployer.url });
