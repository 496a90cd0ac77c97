/** What a program may use: each evaluated part is a step, each new string, table entry and function takes memory that is never given back. */
export type Limits = { readonly steps: number; readonly bytes: number; readonly depth: number };

/** Limits of one run. Argo CD stops a check after 1 s; the largest of its own needs about 2,000 steps for an object with 20 conditions. */
export const LIMITS: Limits = { steps: 500_000, bytes: 8_000_000, depth: 150 };

/** A limit is exceeded. Unlike an error of the program, no `pcall` catches it. */
export class LimitExceeded extends Error {}

/** Counts what one run uses. */
export class Budget {
  readonly #limits: Limits;
  #steps = 0;
  #bytes = 0;
  #depth = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  step(count = 1): void {
    this.#steps += count;
    // Not a number counts as too many.
    if (!(this.#steps <= this.#limits.steps)) throw new LimitExceeded(`takes more than ${this.#limits.steps} steps`);
  }

  allocate(bytes: number): void {
    this.#bytes += bytes;
    if (!(this.#bytes <= this.#limits.bytes)) throw new LimitExceeded(`takes more than ${this.#limits.bytes} bytes`);
  }

  /** Runs one level deeper. */
  nested<T>(run: () => T): T {
    if (this.#depth >= this.#limits.depth) throw new LimitExceeded(`nests calls deeper than ${this.#limits.depth}`);
    this.#depth += 1;
    try {
      return run();
    } finally {
      this.#depth -= 1;
    }
  }
}
