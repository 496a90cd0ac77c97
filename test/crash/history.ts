// The branch as a test moves it, and what each of its commits wants.

import { type Commit, filesOf, type Move } from './sequence.ts';
import type { World } from './world.ts';

/** A commit that was made; those with the same count have the same content. */
export type Made = Commit & { readonly revision: string; readonly count: number };

export class History {
  readonly #world: World;
  readonly #made: Made[] = [];
  #head: Made | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** What `main` points to; undefined before the first push. */
  get head(): Made | undefined {
    return this.#head;
  }

  /** Whether a commit has the content of what `main` points to. */
  isLikeHead(revision: string | undefined): boolean {
    const made = this.#made.find((one) => one.revision === revision);
    return made !== undefined && made.count === this.#head?.count;
  }

  /** Moves `main`, by a commit or by force, and gives what it points to. */
  async push(move: Move): Promise<Made> {
    const made = await this.#next(move);
    await this.#world.repository.push(made.revision);
    this.#head = made;
    return made;
  }

  async #next(move: Move): Promise<Made> {
    const old = 'to' in move ? this.#made[move.to % this.#made.length] : undefined;
    if (move.do === 'force' && old !== undefined) return old;
    if (move.do === 'commit') return this.#commit(move, this.#made.length);
    return this.#commit(old ?? NOTHING, old?.count ?? this.#made.length);
  }

  /** A revert has the content of an earlier commit, to the last byte. */
  async #commit({ wanted, flaw }: Commit, count: number): Promise<Made> {
    const files = filesOf(this.#world.app.name, { wanted, flaw }, count);
    const made = { wanted, flaw, count, revision: await this.#world.repository.commit(files, this.#head?.revision) };
    this.#made.push(made);
    return made;
  }
}

const NOTHING: Commit = { wanted: { a: null, b: null, c: null, widget: null, extra: null }, flaw: null };
