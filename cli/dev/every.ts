import type { Clock } from '../../lib/ports/runtime.ts';

/** How long the end waits for work that goes on; a server that does not answer may keep it longer. */
const GRACE_MS = 2_000;

/** Does work again and again with a pause before each, never twice at once; what it throws is its own affair. Gives what ends it. */
export function every(ms: number, work: () => Promise<void>, clock: Pick<Clock, 'sleep'>): () => Promise<void> {
  const over = new AbortController();
  const loop = async (): Promise<void> => {
    await clock.sleep(ms, over.signal);
    while (!over.signal.aborted) {
      await work();
      await clock.sleep(ms, over.signal);
    }
  };
  const ended = loop();
  return async () => {
    over.abort();
    const late = new AbortController();
    await Promise.race([ended, clock.sleep(GRACE_MS, late.signal)]);
    late.abort();
  };
}
