// Values that one step passes to the next: too large for a step's result, so they are stored as blobs, and cached in memory for the same process.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DriftlessError } from '../errors.ts';
import { parseJson } from '../model/exact-json.ts';
import type { Blobs } from '../ports/store.ts';

/** JSON values, stored as blobs by key. */
export class JsonBlobs<T> {
  readonly #blobs: Blobs;
  readonly #inMemory = new Map<string, T>();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  async put(key: string, value: T): Promise<void> {
    await this.#blobs.put(key, await promisify(gzip)(JSON.stringify(value), { level: 1 }));
    this.#inMemory.set(key, value);
  }

  async find(key: string): Promise<T | undefined> {
    const cached = this.#inMemory.get(key);
    if (cached !== undefined) return cached;
    const bytes = await this.#blobs.get(key);
    if (bytes === undefined) return undefined;
    const value: T = parseJson((await promisify(gunzip)(bytes)).toString());
    this.#inMemory.set(key, value);
    return value;
  }

  async get(key: string): Promise<T> {
    const value = await this.find(key);
    if (value === undefined)
      throw new DriftlessError(
        'Internal',
        `blob ${key} does not exist; was the store cleared while the operation ran?`,
      );
    return value;
  }
}
