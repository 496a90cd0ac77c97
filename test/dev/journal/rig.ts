import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJournal, type Journal } from '../../../dev/journal.ts';
import { durableHandler } from '../../../lib/flow/durable-flow.ts';
import type { Clock } from '../../../lib/ports/runtime.ts';
import type { Flow } from '../../../lib/ports/workflow.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

export type Target = { readonly app: string; readonly seq: number };

type Rig = { readonly journal: Journal; readonly clock: ManualClock; readonly log: RecordingLog; readonly dir: string };

type Options = {
  readonly dir?: string;
  readonly clock?: ManualClock;
  readonly concurrency?: number;
  readonly fsync?: boolean;
};

/** Journals in temporary folders, which are stopped and removed after each test. */
export function journalRig() {
  const undo: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  function folder(): string {
    const dir = mkdtempSync(join(tmpdir(), 'driftless-journal-'));
    undo.push(() => rmSync(dir, { recursive: true }));
    return dir;
  }

  /** A journal that runs nothing yet. */
  async function open(options: Options = {}): Promise<Rig> {
    const { dir = folder(), clock = new ManualClock() } = options;
    const log = new RecordingLog();
    const journal = await createJournal({ ...options, dir, clock, log });
    undo.push(() => journal.stop(0));
    return { journal, clock, log, dir };
  }

  /** A journal that runs one operation for everything that is started. */
  async function run<R>(operation: (target: Target, flow: Flow) => Promise<R>, options: Options = {}): Promise<Rig> {
    const rig = await open(options);
    rig.journal.resume(durableHandler(operation, { client: rig.journal.client, log: rig.log }));
    return rig;
  }

  /** Runs one operation to its end. */
  async function outcome<R>(operation: (flow: Flow, clock: Clock) => Promise<R>) {
    const clock = new ManualClock();
    const opened = await run((_target, flow) => operation(flow, clock), { clock });
    await opened.journal.operations.start('shop', 1);
    await runToEnd(opened);
    return { ...opened, result: resultOf(opened.journal, 'shop-1') };
  }

  return { folder, open, run, outcome };
}

/** Lets everything run, and time pass, until nothing is left to run. */
export async function runToEnd({ journal, clock }: Pick<Rig, 'journal' | 'clock'>): Promise<void> {
  do await journal.idle();
  while (await clock.advanceToNext());
}

/** The result of an execution that succeeded. */
export function resultOf(journal: Journal, name: string): unknown {
  const ended = journal.ended(name);
  if (ended?.status !== 'SUCCEEDED') throw new Error(`${name} has not succeeded: ${JSON.stringify(ended)}`);
  return ended.result === undefined ? undefined : JSON.parse(ended.result);
}

/** A promise that a test settles. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
