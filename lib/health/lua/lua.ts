// In: a program of Lua 5.1 and what it sees as `obj`. Out: what it returns, as plain data. May throw a LuaSyntaxError, a LuaError of the program, or
// LimitExceeded. Values of the program are made here; no function or object of the host is among them, so that there is nothing to escape to.
import { Budget, LIMITS, LimitExceeded, type Limits } from './budget.ts';
import { Executor } from './execute.ts';
import { addLibrary, type Library } from './library/arguments.ts';
import { BASE } from './library/base.ts';
import { NUMBERS } from './library/numbers.ts';
import { STRINGS } from './library/strings.ts';
import { TABLES } from './library/tables.ts';
import { timeLibrary } from './library/time.ts';
import { Machine } from './machine.ts';
import { parseLua } from './parse.ts';
import type { Block } from './syntax.ts';
import { LuaFunction, LuaTable, type LuaValue } from './values.ts';
import { Variables } from './variables.ts';

export type LuaProgram = { readonly block: Block };

type RunOptions = { readonly now: number; readonly limits?: Limits };

/** Nothing that a check returns is deeper. */
const MAX_RESULT_DEPTH = 10;

/** Reads a program. */
export function compileLua(text: string): LuaProgram {
  return { block: guarded(() => parseLua(toBytes(text))) };
}

/** Runs a program; the first value that it returns. */
export function runLua({ block }: LuaProgram, obj: unknown, { now, limits = LIMITS }: RunOptions): unknown {
  const machine = new Machine(new Budget(limits));
  openLibraries(machine, now);
  return guarded(() => {
    machine.globals.set('obj', toLua(obj, machine));
    return toPlain(new Executor(machine).run(block, new Variables(undefined))[0]);
  });
}

function openLibraries(machine: Machine, now: number): void {
  const { globals, strings } = machine;
  addLibrary(machine, globals, BASE);
  addLibrary(machine, strings, STRINGS);
  globals.set('string', strings);
  globals.set('_G', globals);
  globals.set('_VERSION', 'Lua 5.1');
  globals.set('table', libraryTable(machine, TABLES));
  const math = libraryTable(machine, NUMBERS);
  math.set('pi', Math.PI);
  math.set('huge', Number.POSITIVE_INFINITY);
  globals.set('math', math);
  const os = libraryTable(machine, timeLibrary(now));
  globals.set('os', os);
  const modules = new Map<LuaValue, LuaValue>([
    ['os', os],
    ['string', strings],
    ['math', math],
    ['table', globals.get('table')],
  ]);
  globals.set(
    'require',
    new LuaFunction(([name]) => [modules.get(name) ?? machine.fail(`module ${machine.display(name)} not found`)]),
  );
}

function libraryTable(machine: Machine, library: Library): LuaTable {
  const table = new LuaTable();
  addLibrary(machine, table, library);
  return table;
}

/** A deep nesting of expressions ends at the host's own stack; that is a limit, too. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) throw new LimitExceeded('nests too deeply, or makes too long a text');
    throw error;
  }
}

function toLua(value: unknown, machine: Machine): LuaValue {
  if (typeof value === 'string') return toBytes(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const table = new LuaTable();
  const entries = Array.isArray(value) ? value.map((item, index) => [index + 1, item] as const) : Object.entries(value);
  for (const [key, item] of entries) table.set(typeof key === 'string' ? toBytes(key) : key, toLua(item, machine));
  return table;
}

function toPlain(value: LuaValue, depth = 0): unknown {
  if (typeof value === 'string') return fromBytes(value);
  if (!(value instanceof LuaTable)) return value instanceof LuaFunction ? undefined : value;
  const plain: [string, unknown][] = [];
  if (depth >= MAX_RESULT_DEPTH) return {};
  for (let entry = value.next(undefined); entry !== undefined && entry !== 'unknown'; entry = value.next(entry[0])) {
    const [key, item] = entry;
    if (typeof key === 'string') plain.push([fromBytes(key), toPlain(item, depth + 1)]);
  }
  return Object.fromEntries(plain);
}

/** Lua counts bytes: each becomes a character of its own. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
