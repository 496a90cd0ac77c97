import type { CachedSnapshot } from './snapshot.ts';

/** A place is a repository as some credentials and a project see it. */
type Entry = { readonly place: string; readonly snapshot: CachedSnapshot };

/** The next commit of a place shares files with the last ones, and applications follow a few refs; older commits are not asked for again. */
const COMMITS_OF_A_PLACE = 8;

/** Recently opened commits; the least recently used are evicted first, and the newest one stays whatever its size. */
export class SnapshotCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(place: string, revision: string): CachedSnapshot | undefined {
    const key = keyOf(place, revision);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.snapshot;
  }

  put(place: string, snapshot: CachedSnapshot): void {
    this.#entries.set(keyOf(place, snapshot.port.revision), { place, snapshot });
    const ofPlace = [...this.#entries].filter(([, entry]) => entry.place === place);
    for (const [key] of ofPlace.slice(0, -COMMITS_OF_A_PLACE)) this.#entries.delete(key);
    this.trim();
  }

  /** A file of any commit of the same place; never of another one, where it may be secret. */
  blob(place: string, oid: string): Buffer | undefined {
    for (const entry of this.#entries.values()) {
      const blob = entry.place === place ? entry.snapshot.blob(oid) : undefined;
      if (blob !== undefined) return blob;
    }
    return undefined;
  }

  /** Called when a commit may have grown. */
  trim(): void {
    let bytes = 0;
    for (const { snapshot } of this.#entries.values()) bytes += snapshot.bytes();
    for (const [key, { snapshot }] of this.#entries) {
      if (bytes <= this.#limitBytes || this.#entries.size === 1) return;
      this.#entries.delete(key);
      bytes -= snapshot.bytes();
    }
  }
}

function keyOf(place: string, revision: string): string {
  return `${revision} ${place}`;
}
