// What one step leaves for the next: too big for a step's result, so it goes to the blob store, and stays in memory for the same process.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DriftlessError } from '../errors.ts';
import type { Blobs } from '../ports/store.ts';

/** A JSON value that is kept under a key. */
export class Kept<T> {
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
    const known = this.#inMemory.get(key);
    if (known !== undefined) return known;
    const bytes = await this.#blobs.get(key);
    if (bytes === undefined) return undefined;
    const value: T = JSON.parse((await promisify(gunzip)(bytes)).toString());
    this.#inMemory.set(key, value);
    return value;
  }

  async get(key: string): Promise<T> {
    const value = await this.find(key);
    if (value === undefined)
      throw new DriftlessError('Internal', `blob ${key} is gone; was the store cleared while the operation ran?`);
    return value;
  }
}
