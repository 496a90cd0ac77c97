import type { Folders } from './folders.ts';
import type { TreeEntry } from './tree.ts';

/** The folders and files of a commit that a walk reads. */
export type CommitContent = {
  readonly folders: Pick<Folders, 'root' | 'tree'>;
  /** A file's bytes, or a link's target, once it is loaded. */
  blob(oid: string): Buffer | undefined;
};

/** Where a path leads after following links. */
export type PathResolution =
  | { readonly outcome: 'found'; readonly entry: TreeEntry; readonly real: readonly string[] }
  | { readonly outcome: 'absent' }
  /** Undecided until this blob is loaded. */
  | { readonly outcome: 'needsBlob'; readonly oid: string }
  | { readonly outcome: 'refused'; readonly why: string };

// The limit of Linux.
const MAX_LINKS = 40;
const MAX_TARGET_BYTES = 4_096;

/** Follows a path from the root as a file system would, but never out of the repository. */
export function followPath(source: CommitContent, path: readonly string[]): PathResolution {
  const walker = new Walker(source, path);
  let end = walker.step();
  while (end === undefined) end = walker.step();
  return end;
}

class Walker {
  readonly #source: CommitContent;
  /** Names that are still to be followed, the next one last. */
  readonly #ahead: string[];
  readonly #behind: { readonly name: string; readonly entry: TreeEntry }[] = [];
  #links = 0;

  constructor(source: CommitContent, path: readonly string[]) {
    this.#source = source;
    this.#ahead = [...path].reverse();
  }

  get #here(): TreeEntry {
    return this.#behind.at(-1)?.entry ?? this.#source.folders.root;
  }

  /** Follows one name; returns the result at the end of the walk. */
  step(): PathResolution | undefined {
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

  #enter(name: string, entry: TreeEntry | undefined): PathResolution | undefined {
    if (entry === undefined) return { outcome: 'absent' };
    if (entry.problem !== undefined) {
      return { outcome: 'refused', why: `leads to ${JSON.stringify(name)}, a name that ${entry.problem}` };
    }
    if (entry.kind === 'link') return this.#enterLink(entry.oid);
    this.#behind.push({ name, entry });
    return undefined;
  }

  #enterLink(oid: string): PathResolution | undefined {
    const target = this.#source.blob(oid);
    if (target === undefined) return { outcome: 'needsBlob', oid };
    this.#links += 1;
    const why = this.#links > MAX_LINKS ? 'is part of a cycle' : targetProblem(target);
    if (why !== undefined) return { outcome: 'refused', why };
    this.#ahead.push(...target.toString('utf8').split('/').reverse());
    return undefined;
  }
}

function targetProblem(target: Buffer): string | undefined {
  if (target[0] === 0x2f) return 'is absolute';
  if (target.length === 0 || target.length > MAX_TARGET_BYTES || target.includes(0)) return 'is not a path';
  return undefined;
}
