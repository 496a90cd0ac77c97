import type { CachedSnapshot } from './snapshot.ts';

type Entry = { readonly repo: string; readonly snapshot: CachedSnapshot };

/** Recently opened commits; the least recently used are evicted first, and the newest one stays whatever its size. */
export class SnapshotCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(repo: string, revision: string): CachedSnapshot | undefined {
    const key = keyOf(repo, revision);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.snapshot;
  }

  put(repo: string, snapshot: CachedSnapshot): void {
    this.#entries.set(keyOf(repo, snapshot.port.revision), { repo, snapshot });
    this.trim();
  }

  /** A file of any commit of the same repository; never of another repository, where it may be secret. */
  blob(repo: string, oid: string): Buffer | undefined {
    for (const entry of this.#entries.values()) {
      const blob = entry.repo === repo ? entry.snapshot.blob(oid) : undefined;
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

function keyOf(repo: string, revision: string): string {
  return `${revision} ${repo}`;
}
