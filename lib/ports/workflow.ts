// The durable execution of operations.

/** A value that survives a crash between two steps must be JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A durable operation: finished steps are not run again after a crash; the step that was running is. */
export interface Flow {
  /** Runs the work at least once and remembers its result, a few kB. A DriftlessError with `retry` is tried again with back-off. */
  step<T extends Json | undefined>(name: string, work: () => Promise<T>): Promise<T>;
  sleep(name: string, seconds: number): Promise<void>;
  /** Runs the work again and again, each run a step; `nextSeconds` undefined ends it. */
  poll<T extends Json>(name: string, initial: T, work: (state: T) => Promise<Polled<T>>): Promise<T>;
}

export type Polled<T> = { readonly state: T; readonly nextSeconds?: number };

/** Starts operations; starting one that runs or has ended does nothing. */
export interface Operations {
  start(app: string, seq: number): Promise<void>;
}
