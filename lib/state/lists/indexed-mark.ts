import type { StateTable } from '../dynamo/dynamo-table.ts';
import { INDEXED_KEY } from '../dynamo/keys.ts';

/** Whether every record has its index items and its summary; once true, it stays true, and is not read again. */
export class IndexedMark {
  readonly #table: StateTable;
  #isKnown = false;

  constructor(table: StateTable) {
    this.#table = table;
  }

  get isKnown(): boolean {
    return this.#isKnown;
  }

  async read(): Promise<boolean> {
    this.#isKnown ||= (await this.#table.get(INDEXED_KEY)) !== undefined;
    return this.#isKnown;
  }

  async write(): Promise<void> {
    await this.#table.transact([{ Put: { Item: { ...INDEXED_KEY } } }]);
    this.#isKnown = true;
  }
}
