// In: the state table. Out: the number after which sequences go on. What may go wrong: the item has another shape.

import type { StateTable } from './dynamo/dynamo-table.ts';
import { SEQUENCE_KEY } from './dynamo/keys.ts';
import { parseSequence } from './schema/table.ts';

/** Returns the last number that no new operation may have. */
export type LastSequence = () => Promise<number>;

/**
 * A name of an operation must not come twice: the durable service does not run an ended one again. After a loss or a restore of the table, an operator
 * writes a number that no operation had before; otherwise it is 0. Read once in a process.
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
