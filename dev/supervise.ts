// In: a running program that a deployer on this machine needs, and how it is started again. Out: it is started again when it ends by itself, after pauses that
// become longer; after so many attempts in a row it is given up.
import { setTimeout } from 'node:timers/promises';

/** Seconds before each attempt to start it again. */
const PAUSES = [0, 1, 2, 4, 8];

/** One that has run so long has started well: the attempts are counted from the beginning. */
const STEADY_MS = 60_000;

/** A program that may end by itself. */
type Ending = {
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
};

type Supervision<T> = {
  readonly again: () => Promise<T>;
  /** It has ended, and why. */
  readonly gone: (reason: string) => void;
  /** It runs again; it is in use once this has resolved. */
  readonly back: (program: T) => Promise<void>;
  /** Milliseconds of a second; less in tests. */
  readonly secondMs?: number;
};

export type Supervised = {
  /** Resolves with the reason when it is given up. */
  readonly givenUp: Promise<string>;
  /** Ends the program that runs then; it is not started again. */
  stop(): Promise<void>;
};

/** Looks after a program until it is stopped. */
export function supervise<T extends Ending>(first: T, supervision: Supervision<T>): Supervised {
  const over = new AbortController();
  let current: Ending = first;
  const use = (program: T): void => {
    current = program;
  };
  const ended = watch(first, { ...supervision, use, signal: over.signal });
  return {
    givenUp: ended.then((reason) => reason ?? new Promise<string>(() => undefined)),
    stop: async () => {
      over.abort();
      // Where it was given up, the reason is known.
      await current.stop().catch(() => undefined);
      await ended;
    },
  };
}

type Watched<T> = Supervision<T> & { readonly use: (program: T) => void; readonly signal: AbortSignal };

/** Resolves with the reason when it is given up, and without one when it was stopped. */
async function watch<T extends Ending>(first: T, watched: Watched<T>): Promise<string | undefined> {
  const { signal, gone } = watched;
  const stopped = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  let [program, attempts]: [T, number] = [first, 0];
  for (;;) {
    const began = performance.now();
    // A program that another one has started never ends here.
    const reason = await Promise.race([program.ended, stopped]);
    if (reason === undefined || signal.aborted) return undefined;
    gone(reason);
    if (performance.now() - began > STEADY_MS) attempts = 0;
    const started = await startAgain(watched, { reason, attempts });
    if (typeof started === 'string' || started === undefined) return started;
    program = started.program;
    attempts = started.attempts;
  }
}

type Ended = { readonly reason: string; readonly attempts: number };

async function startAgain<T extends Ending>(
  { again, back, use, signal, secondMs = 1_000 }: Watched<T>,
  ended: Ended,
): Promise<{ readonly program: T; readonly attempts: number } | string | undefined> {
  let { reason } = ended;
  for (let attempts = ended.attempts; attempts < PAUSES.length; attempts += 1) {
    await setTimeout((PAUSES[attempts] ?? 0) * secondMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      const program = await again();
      use(program);
      // It was stopped while it started.
      if (signal.aborted) await program.stop();
      else await back(program);
      return { program, attempts: attempts + 1 };
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  return `${reason} (${PAUSES.length} attempts to start it again)`;
}
