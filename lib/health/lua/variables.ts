import type { LuaValue } from './values.ts';

type Cell = { value: LuaValue };

/** The local variables of a block, and those of the blocks around it. */
export class Variables {
  readonly varargs: readonly LuaValue[];
  readonly #parent: Variables | undefined;
  #cells: Map<string, Cell> | undefined;

  constructor(parent: Variables | undefined, varargs: readonly LuaValue[] = parent?.varargs ?? []) {
    this.#parent = parent;
    this.varargs = varargs;
  }

  declare(name: string, value: LuaValue): void {
    this.#cells ??= new Map();
    this.#cells.set(name, { value });
  }

  /** The variable of a name; undefined where it is a global one. */
  find(name: string): Cell | undefined {
    for (let scope: Variables | undefined = this; scope !== undefined; scope = scope.#parent) {
      const cell = scope.#cells?.get(name);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }
}
