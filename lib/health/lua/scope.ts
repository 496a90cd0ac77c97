import type { LuaValue } from './values.ts';

type Cell = { value: LuaValue };

/** The local variables of a block, and those of the blocks around it. */
export class Scope {
  readonly varargs: readonly LuaValue[];
  readonly #parent: Scope | undefined;
  #cells: Map<string, Cell> | undefined;

  constructor(parent: Scope | undefined, varargs: readonly LuaValue[] = parent?.varargs ?? []) {
    this.#parent = parent;
    this.varargs = varargs;
  }

  declare(name: string, value: LuaValue): void {
    this.#cells ??= new Map();
    this.#cells.set(name, { value });
  }

  /** The variable of a name; undefined where it is a global one. */
  find(name: string): Cell | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const cell = scope.#cells?.get(name);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }
}
