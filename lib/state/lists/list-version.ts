// One number for all lists, so that a reader that polls reads a list again only where something has changed. Every writer of a summary raises it outside of
// its transaction: one item in the transactions of all applications would make them wait for each other. The table sees at most one write a second, whatever
// the number of workers. Changes within that second are covered by `read`, which treats a version as fresh for five seconds.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Log } from '../../ports/runtime.ts';
import type { StateTable } from '../dynamo/dynamo-table.ts';
import { LIST_VERSION_KEY } from '../dynamo/keys.ts';
import { parsed } from '../schema/records.ts';

const RAISE_MS = 1_000;
/** A change may be written this long after the version was raised for it: a second that it shares with others, a slow transaction, clocks that differ. */
const FRESH_MS = 5_000;

const listVersion = z.object({ n: z.int().nonnegative(), at: z.int() });

type Options = { readonly table: StateTable; readonly clock: Pick<Clock, 'now'>; readonly log?: Log };

/** The version of all lists. */
export class ListVersion {
  readonly #options: Options;
  #raisedAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Two equal answers say that no list has changed in between. While changes are fresh, every answer is another one. */
  async read(): Promise<string> {
    const { n, at } = await this.#stored();
    return this.#isWithin(FRESH_MS, at) ? `${n}.${randomUUID()}` : String(n);
  }

  /** Says that a list changes now. A failure is logged only: it delays those who poll, and never a writer. */
  async raise(): Promise<void> {
    if (this.#isWithin(RAISE_MS, this.#raisedAt)) return;
    this.#raisedAt = this.#options.clock.now();
    try {
      await this.#raiseStored();
    } catch (error) {
      this.#options.log?.warn('could not raise the version of the lists', { error: String(error) });
    }
  }

  async #raiseStored(): Promise<void> {
    const { n, at } = await this.#stored();
    if (this.#isWithin(RAISE_MS, at)) return;
    await this.#options.table.update({
      Key: { ...LIST_VERSION_KEY },
      UpdateExpression: 'SET #n = :next, #at = :now',
      // Another worker that was first has raised it for this change, too.
      ConditionExpression: 'attribute_not_exists(#n) OR #n = :n',
      ExpressionAttributeNames: { '#n': 'n', '#at': 'at' },
      ExpressionAttributeValues: { ':n': n, ':next': n + 1, ':now': this.#options.clock.now() },
    });
  }

  async #stored(): Promise<{ readonly n: number; readonly at: number }> {
    const item = await this.#options.table.get(LIST_VERSION_KEY);
    if (item === undefined) return { n: 0, at: 0 };
    return parsed(listVersion, item, 'the version of the lists');
  }

  #isWithin(ms: number, at: number): boolean {
    return Math.abs(this.#options.clock.now() - at) < ms;
  }
}
