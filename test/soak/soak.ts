// A long life of one deployer, as `driftless dev` runs it, on a real API server and a real Git server: pushes one after another, with scans and loads of the
// configuration between, and days that pass. In: how much of it. Out: what it holds in memory and on disk on the way and at the end.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Application } from '../../lib/model/application.ts';
import { delivery } from '../crash/delivery.ts';
import { exampleApplication } from '../crash/example.ts';
import { openTestRepository, type TestRepository } from '../crash/repository.ts';
import type { ChildOptions, Memory, Question, Reply } from './deployer-child.ts';

export type SoakOptions = {
  readonly kubeconfig: string;
  readonly pushes: number;
  /** Days between two pushes, for the deployer. */
  readonly days: number;
  /** After how many pushes it is looked at; ascending. */
  readonly looks: readonly number[];
};

/** What the deployer holds after so many pushes. */
export type Look = { readonly pushes: number; readonly files: Readonly<Record<string, number>> } & Memory;

export type SoakEnd = {
  readonly looks: readonly Look[];
  readonly statuses: ReadonlySet<string>;
  readonly rollback: string;
};

const CHILD = fileURLToPath(new URL('deployer-child.ts', import.meta.url));
const DAY_MS = 24 * 3_600_000;
/** Pushes between two loads of the configuration. */
const LOAD_EVERY = 20;
const SECRET = 'secret of the soak';

/** Runs it; `onLook` hears of each look as it is made. */
export async function soak(options: SoakOptions, onLook: (look: Look) => void = () => undefined): Promise<SoakEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-soak-'));
  const repository = await openTestRepository(join(folder, 'repositories'));
  const stateDir = join(folder, 'state');
  const name = `soak-${process.pid.toString(36)}${Date.now().toString(36).slice(-5)}`;
  const app: Application = { ...exampleApplication(name, repository.url), drift: { mode: 'report' } };
  const child = startChild({ app, kubeconfig: options.kubeconfig, stateDir, secret: SECRET });
  const life: Life = {
    ...options,
    repository,
    stateDir,
    url: String(await nextReply(child)),
    ask: asking(child),
    onLook,
  };
  try {
    return await live(life);
  } finally {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
    await repository.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Life = SoakOptions & {
  readonly repository: TestRepository;
  readonly stateDir: string;
  readonly url: string;
  readonly ask: (question: Question) => Promise<unknown>;
  readonly onLook: (look: Look) => void;
};

async function live(life: Life): Promise<SoakEnd> {
  const { ask, pushes, days, looks: wanted } = life;
  const looks: Look[] = [];
  const statuses = new Set<string>();
  let parent: string | undefined;
  for (let push = 1; push <= pushes; push += 1) {
    parent = await pushOne(life, push, parent);
    if (push % LOAD_EVERY === 1) await ask({ verb: 'load' });
    statuses.add(String(await ask({ verb: 'ended', revision: parent, passMs: days * DAY_MS })));
    if (push % LOAD_EVERY === 0) await ask({ verb: 'scan' });
    if (!wanted.includes(push)) continue;
    const look = await lookAt(life, push);
    looks.push(look);
    life.onLook(look);
  }
  return { looks, statuses, rollback: String(await ask({ verb: 'rollback' })) };
}

/** Commits and pushes a changed object, and delivers that; gives the commit. */
async function pushOne({ repository, url }: Life, push: number, parent: string | undefined): Promise<string> {
  const revision = await repository.commit({ 'deploy/all.yaml': manifests(push) }, parent);
  await repository.push(revision);
  const { headers, body } = delivery({ revision }, { repository, secret: SECRET });
  const reply = await fetch(`${url}/webhooks/github`, { method: 'POST', headers, body });
  await reply.text();
  // The first push comes before the configuration, which deploys it.
  if (!reply.ok && push > 1) throw new Error(`push ${push} is answered ${reply.status}`);
  return revision;
}

/** Two small objects, of which one changes. */
function manifests(push: number): string {
  const object = (name: string, value: number) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value: `${value}` } });
  return `${object('changes', push)}\n---\n${object('stays', 0)}\n`;
}

/** Cleans up, then measures. */
async function lookAt({ ask, stateDir }: Life, pushes: number): Promise<Look> {
  // What an item named that a cleanup removes goes with the next one.
  await ask({ verb: 'scan', passMs: DAY_MS });
  await ask({ verb: 'load', passMs: DAY_MS });
  await ask({ verb: 'load' });
  const memory = (await ask({ verb: 'memory' })) as Memory;
  const folders = ['blobs/rendered', 'blobs/plans', 'blobs/changes', 'journal/running', 'journal/ended', 'render'];
  const counts = folders.map(async (folder) => [folder, await filesBelow(join(stateDir, folder))] as const);
  return { pushes, ...memory, files: Object.fromEntries(await Promise.all(counts)) };
}

async function filesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}

function startChild(options: ChildOptions): ChildProcess {
  const execArgv = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
  return fork(CHILD, [JSON.stringify(options)], {
    execArgv,
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    serialization: 'json',
  });
}

/** Asks one question at a time. */
function asking(child: ChildProcess): Life['ask'] {
  return async (question) => {
    const reply = nextReply(child);
    child.send(question);
    return reply;
  };
}

function nextReply(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const over = (): void => {
      child.off('message', answered);
      child.off('exit', gone);
    };
    const answered = ({ value, error }: Reply): void => {
      over();
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    };
    const gone = (): void => {
      over();
      reject(new Error('the deployer has ended'));
    };
    child.once('message', answered);
    child.once('exit', gone);
  });
}
