import type { HeldSnapshot } from './snapshot.ts';

type Kept = { readonly repo: string; readonly snapshot: HeldSnapshot };

/** Commits that were opened lately, least recently used first out; the newest one stays whatever it weighs. */
export class SnapshotCache {
  readonly #kept = new Map<string, Kept>();
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get(repo: string, revision: string): HeldSnapshot | undefined {
    const key = keyOf(repo, revision);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.snapshot;
  }

  put(repo: string, snapshot: HeldSnapshot): void {
    this.#kept.set(keyOf(repo, snapshot.port.revision), { repo, snapshot });
    this.trim();
  }

  /** A file of any commit of the same repository; never of another one, where it may be secret. */
  blob(repo: string, oid: string): Buffer | undefined {
    for (const kept of this.#kept.values()) {
      const blob = kept.repo === repo ? kept.snapshot.blob(oid) : undefined;
      if (blob !== undefined) return blob;
    }
    return undefined;
  }

  /** Called when a commit may have become heavier. */
  trim(): void {
    let bytes = 0;
    for (const { snapshot } of this.#kept.values()) bytes += snapshot.bytes();
    for (const [key, { snapshot }] of this.#kept) {
      if (bytes <= this.#limitBytes || this.#kept.size === 1) return;
      this.#kept.delete(key);
      bytes -= snapshot.bytes();
    }
  }
}

function keyOf(repo: string, revision: string): string {
  return `${revision} ${repo}`;
}
