import { DriftlessError } from '../../errors.ts';
import type { Objects } from '../protocol/fetch.ts';

/** What an object takes beside its bytes: its entries in maps, its buffer's own fields. */
export const OBJECT_BYTES = 1_000;

/** Fetches objects that are not cached. */
export type FetchObjects = (oids: readonly string[]) => Promise<Objects>;

/** The files of a commit, each fetched once also for simultaneous callers. */
export class BlobStore {
  readonly #blobs = new Map<string, Buffer>();
  readonly #arriving = new Map<string, Promise<void>>();
  readonly #fetch: FetchObjects;
  readonly #subject: string;
  #bytes = 0;

  constructor(fetch: FetchObjects, subject: string) {
    this.#fetch = fetch;
    this.#subject = subject;
  }

  /** What they take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get(oid: string): Buffer | undefined {
    return this.#blobs.get(oid);
  }

  add(oid: string, blob: Buffer): void {
    if (this.#blobs.has(oid)) return;
    this.#blobs.set(oid, blob);
    this.#bytes += OBJECT_BYTES + blob.length;
  }

  /** Fetches those of these objects that are missing. */
  async load(oids: Iterable<string>): Promise<void> {
    const missing = [...oids].filter((oid) => !this.#blobs.has(oid));
    const fresh = missing.filter((oid) => !this.#arriving.has(oid));
    if (fresh.length > 0) {
      const arrival = this.#fetchAll(fresh).finally(() => {
        for (const oid of fresh) this.#arriving.delete(oid);
      });
      for (const oid of fresh) this.#arriving.set(oid, arrival);
    }
    await Promise.all(new Set(missing.map((oid) => this.#arriving.get(oid))));
  }

  async #fetchAll(oids: readonly string[]): Promise<void> {
    const objects = await this.#fetch(oids);
    for (const oid of oids) {
      const object = objects.get(oid);
      if (object?.type !== 'blob') {
        throw new DriftlessError(
          'GitProtocol',
          `${this.#subject}: the server did not send the file with the id ${oid}`,
        );
      }
      this.add(oid, object.bytes);
    }
  }
}
