import type { Machine } from '../machine.ts';
import { textOf } from '../machine.ts';
import { LuaFunction, LuaTable, type LuaValue, toNumber, typeOf } from '../values.ts';

/** The arguments of a call to a function of the library, each checked where it is read. */
export class Arguments {
  readonly machine: Machine;
  readonly all: readonly LuaValue[];
  readonly #name: string;

  constructor(machine: Machine, name: string, all: readonly LuaValue[]) {
    this.machine = machine;
    this.#name = name;
    this.all = all;
  }

  any(index: number): LuaValue {
    return index < this.all.length ? this.all[index] : this.#fail(index, 'value expected');
  }

  table(index: number): LuaTable {
    const value = this.all[index];
    return value instanceof LuaTable ? value : this.#expected(index, 'table');
  }

  function(index: number): LuaFunction {
    const value = this.all[index];
    return value instanceof LuaFunction ? value : this.#expected(index, 'function');
  }

  text(index: number): string {
    return textOf(this.all[index]) ?? this.#expected(index, 'string');
  }

  number(index: number, otherwise?: number): number {
    const value = this.all[index];
    if (value === undefined && otherwise !== undefined) return otherwise;
    return toNumber(value) ?? this.#expected(index, 'number');
  }

  /** A number without its fraction. */
  whole(index: number, otherwise?: number): number {
    return Math.trunc(this.number(index, otherwise)) || 0;
  }

  #expected(index: number, type: string): never {
    const value = this.all[index];
    return this.#fail(index, `${type} expected, got ${index < this.all.length ? typeOf(value) : 'no value'}`);
  }

  #fail(index: number, message: string): never {
    return this.machine.fail(`bad argument #${index + 1} to '${this.#name}' (${message})`);
  }
}

type LibraryFunction = (args: Arguments) => readonly LuaValue[];

export type Library = Readonly<Record<string, LibraryFunction>>;

/** Adds functions to a table. */
export function addLibrary(machine: Machine, table: LuaTable, library: Library): void {
  for (const [name, run] of Object.entries(library))
    table.set(name, new LuaFunction((args) => run(new Arguments(machine, name, args))));
}
