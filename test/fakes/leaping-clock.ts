import type { Clock } from '../../lib/ports/runtime.ts';

/** A clock whose sleeps are over at once, and remembered. */
export class LeapingClock implements Clock {
  readonly slept: number[] = [];
  #now = 0;
  now(): number {
    return this.#now;
  }
  monotonic(): number {
    return this.#now;
  }
  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
    return Promise.resolve();
  }
}
