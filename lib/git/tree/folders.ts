import { createHash } from 'node:crypto';
import { DriftlessError } from '../../errors.ts';
import type { GitObject } from '../protocol/git-object.ts';
import { parseTree, type Tree, type TreeEntry } from './tree.ts';

/** The folders of one commit, read when they are needed. */
export class Folders {
  readonly root: TreeEntry;
  readonly #objects: ReadonlyMap<string, GitObject>;
  readonly #subject: string;
  readonly #depth: number;
  readonly #trees = new Map<string, Tree>();
  readonly #linked = new Map<string, boolean>();

  constructor(
    objects: ReadonlyMap<string, GitObject>,
    { root, subject, depth }: { readonly root: string; readonly subject: string; readonly depth: number },
  ) {
    this.root = { kind: 'tree', oid: root };
    this.#objects = objects;
    this.#subject = subject;
    this.#depth = depth;
  }

  /** A folder's entries. */
  tree(oid: string): Tree {
    const known = this.#trees.get(oid);
    if (known !== undefined) return known;
    const object = this.#objects.get(oid);
    if (object?.type !== 'tree') {
      throw new DriftlessError(
        'GitProtocol',
        `${this.#subject}: the server did not send the folder with the id ${oid}`,
      );
    }
    const tree = parseTree(object.bytes, this.#subject);
    this.#trees.set(oid, tree);
    return tree;
  }

  /**
   * The content key of what is at a path: its object id. Where symbolic links decide what is there, the whole repository is part of the
   * key, since their targets may lie anywhere in it.
   */
  contentKey(names: readonly string[]): string | undefined {
    let entry = this.root;
    for (const name of names) {
      if (entry.kind === 'link') break;
      const next = entry.kind === 'tree' ? this.tree(entry.oid).get(name) : undefined;
      if (next === undefined) return undefined;
      entry = next;
    }
    if (!this.#holdsLinks(entry, this.#depth)) return entry.oid;
    return createHash('sha1')
      .update(`${this.root.oid} ${names.join('/')}`)
      .digest('hex');
  }

  /** Whether a symbolic link is at or below an entry; deeper than allowed counts as one. */
  #holdsLinks(entry: TreeEntry, depth: number): boolean {
    if (entry.kind === 'link' || depth === 0) return true;
    if (entry.kind !== 'tree') return false;
    const known = this.#linked.get(entry.oid);
    if (known !== undefined) return known;
    const holds = [...this.tree(entry.oid).values()].some((child) => this.#holdsLinks(child, depth - 1));
    this.#linked.set(entry.oid, holds);
    return holds;
  }
}
