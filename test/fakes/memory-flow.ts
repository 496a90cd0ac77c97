import { asDriftlessError, DriftlessError, type ErrorCode } from '../../lib/errors.ts';
import type { Clock } from '../../lib/ports/runtime.ts';
import type { Flow, Json, Polled } from '../../lib/ports/workflow.ts';

/** What survives a crash: the end of each step, in order, as text. */
export type Journal = { readonly name: string; readonly end: string }[];

type End = { readonly value?: unknown; readonly failed?: { readonly code: ErrorCode; readonly message: string } };

const MAX_ATTEMPTS = 6;

/** A durable flow in memory, for one process; another one with the same journal goes on where this one was. */
export class MemoryFlow implements Flow {
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** Called with each step before and after its end is written; one that never resolves is a crash. */
  readonly #at: (moment: string) => Promise<void>;
  #place = 0;

  constructor(journal: Journal, clock: Clock, at: (moment: string) => Promise<void> = async () => undefined) {
    this.#journal = journal;
    this.#clock = clock;
    this.#at = at;
  }

  async step<T extends Json | undefined>(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.#journal[this.#place];
    if (known !== undefined && known.name !== name) throw new Error(`step ${name} was ${known.name} before`);
    const end = known?.end ?? (await this.#run(name, work));
    this.#place += 1;
    const { value, failed }: End = JSON.parse(end);
    if (failed !== undefined) throw new DriftlessError(failed.code, failed.message);
    return value as T;
  }

  async sleep(name: string, seconds: number): Promise<void> {
    await this.step(name, async () => {
      await this.#clock.sleep(seconds * 1000);
      return null;
    });
  }

  async poll<T extends Json>(name: string, initial: T, work: (state: T) => Promise<Polled<T>>): Promise<T> {
    for (let state = initial, run = 0; ; run += 1) {
      const polled: Polled<T> = (await this.step<Json>(
        `${name}#${run}`,
        async () => (await work(state)) as Json,
      )) as Polled<T>;
      state = polled.state;
      if (polled.nextSeconds === undefined) return state;
      await this.sleep(`${name}#${run} pause`, polled.nextSeconds);
    }
  }

  async #run(name: string, work: () => Promise<unknown>): Promise<string> {
    const end = JSON.stringify(await this.#try(work));
    await this.#at(`before the end of ${name}`);
    this.#journal.push({ name, end });
    await this.#at(`after the end of ${name}`);
    return end;
  }

  async #try(work: () => Promise<unknown>): Promise<End> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { value: await work() };
      } catch (thrown) {
        const { code, message, retry } = asDriftlessError(thrown);
        if (!retry || attempt === MAX_ATTEMPTS) return { failed: { code, message } };
        await this.#clock.sleep(1000 * attempt);
      }
    }
  }
}
