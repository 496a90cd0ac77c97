import type { Folders } from './folders.ts';
import type { TreeEntry } from './tree.ts';

/** What a walk through a commit reads from. */
export type Source = {
  readonly folders: Pick<Folders, 'root' | 'tree'>;
  /** A file's bytes, or a link's target, once it is held. */
  blob(oid: string): Buffer | undefined;
};

/** Where a path leads to, links followed. */
export type Followed =
  | { readonly outcome: 'found'; readonly entry: TreeEntry; readonly real: readonly string[] }
  | { readonly outcome: 'absent' }
  /** It cannot be told before this blob is held. */
  | { readonly outcome: 'wanted'; readonly oid: string }
  | { readonly outcome: 'refused'; readonly why: string };

// As many as Linux follows.
const MAX_LINKS = 40;
const MAX_TARGET_BYTES = 4_096;

/** Follows a path from the root as a file system would, but never out of the repository. */
export function followPath(source: Source, path: readonly string[]): Followed {
  const walker = new Walker(source, path);
  let end = walker.step();
  while (end === undefined) end = walker.step();
  return end;
}

class Walker {
  readonly #source: Source;
  /** Names that are still to be followed, the next one last. */
  readonly #ahead: string[];
  readonly #behind: { readonly name: string; readonly entry: TreeEntry }[] = [];
  #links = 0;

  constructor(source: Source, path: readonly string[]) {
    this.#source = source;
    this.#ahead = [...path].reverse();
  }

  get #here(): TreeEntry {
    return this.#behind.at(-1)?.entry ?? this.#source.folders.root;
  }

  /** Follows one name; gives the end of the walk where it has come to it. */
  step(): Followed | undefined {
    const name = this.#ahead.pop();
    if (name === undefined) {
      return { outcome: 'found', entry: this.#here, real: this.#behind.map((place) => place.name) };
    }
    if (name === '' || name === '.') return undefined;
    if (this.#here.kind !== 'tree') return { outcome: 'absent' };
    if (name === '..') {
      return this.#behind.pop() === undefined ? { outcome: 'refused', why: 'leaves the repository' } : undefined;
    }
    return this.#enter(name, this.#source.folders.tree(this.#here.oid).get(name));
  }

  #enter(name: string, entry: TreeEntry | undefined): Followed | undefined {
    if (entry === undefined) return { outcome: 'absent' };
    if (entry.flaw !== undefined) {
      return { outcome: 'refused', why: `leads to ${JSON.stringify(name)}, a name that ${entry.flaw}` };
    }
    if (entry.kind === 'link') return this.#enterLink(entry.oid);
    this.#behind.push({ name, entry });
    return undefined;
  }

  #enterLink(oid: string): Followed | undefined {
    const target = this.#source.blob(oid);
    if (target === undefined) return { outcome: 'wanted', oid };
    this.#links += 1;
    const why = this.#links > MAX_LINKS ? 'is part of a circle' : flawOfTarget(target);
    if (why !== undefined) return { outcome: 'refused', why };
    this.#ahead.push(...target.toString('utf8').split('/').reverse());
    return undefined;
  }
}

function flawOfTarget(target: Buffer): string | undefined {
  if (target[0] === 0x2f) return 'is absolute';
  if (target.length === 0 || target.length > MAX_TARGET_BYTES || target.includes(0)) return 'is no path';
  return undefined;
}
