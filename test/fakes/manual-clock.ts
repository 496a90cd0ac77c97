import type { Clock } from '../../lib/ports/runtime.ts';

type Sleeper = { readonly until: number; readonly wake: () => void };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #start: number;
  #passed = 0;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  /** Sets the time of day, as a person or NTP may; no time passes. */
  set(now: number): void {
    this.#start = now - this.#passed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { until: this.#passed + ms, wake };
      const sleepers = this.#sleepers;
      function wake(): void {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      }
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Moves on, wakes on the way who slept until then, one after another, and lets each do what needs no further time. */
  async advance(ms: number): Promise<void> {
    const end = this.#passed + ms;
    for (let next = this.#next(); next !== undefined && next.until <= end; next = this.#next()) {
      this.#passed = next.until;
      next.wake();
      await turn();
    }
    this.#passed = end;
    await turn();
  }

  /** Moves on to the moment when the next sleeper wakes; false where nobody sleeps. */
  async advanceToNext(): Promise<boolean> {
    const next = this.#next();
    if (next !== undefined) await this.advance(next.until - this.#passed);
    return next !== undefined;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.until - b.until)[0];
  }
}

/** Every promise that is settled has told those that wait for it. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
