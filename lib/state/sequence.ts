// In: the state table. Out: the number after which sequences go on. What may go wrong: the item has another shape.

import type { StateTable } from './dynamo/dynamo-table.ts';
import { SEQUENCE_KEY } from './dynamo/keys.ts';
import { parseSequence } from './schema/records.ts';

/** Tells the number that no operation must have any more, nor one before it. */
export type LastSequence = () => Promise<number>;

/**
 * Names of operations must not come twice, since the durable service knows those that have ended and does not run them again. Where the table was lost or
 * restored from a backup, somebody has written down a number that no operation had before; else it is 0. Read once in a process.
 */
export function lastSequenceOf(table: StateTable): LastSequence {
  let known: Promise<number> | undefined;
  const read = async (): Promise<number> => {
    try {
      return parseSequence(await table.get(SEQUENCE_KEY));
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  return () => {
    known ??= read();
    return known;
  };
}
