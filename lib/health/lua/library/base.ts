import type { Machine } from '../machine.ts';
import { isTrue, LuaError, LuaFunction, LuaTable, type LuaValue, toNumber, typeOf } from '../values.ts';
import type { Arguments, Library } from './arguments.ts';

/** How many values `unpack` may return. */
const MAX_UNPACKED = 5_000;

/** The basic functions, except those that load code, read files or reach environments and the collector. `print` prints nothing. */
export const BASE: Library = {
  assert: (args) => {
    if (isTrue(args.any(0))) return args.all;
    throw new LuaError(args.all.length > 1 ? args.all[1] : 'assertion failed!');
  },
  error: ({ all: [value, level], machine }) => {
    const isPlaced = typeof value === 'string' && level !== 0;
    throw new LuaError(isPlaced ? machine.text(`<string>:${machine.line}: ${value}`) : value);
  },
  getmetatable: (args) => {
    const { metatable } = tableOr(args.any(0)) ?? {};
    return [metatable?.get('__metatable') ?? metatable];
  },
  ipairs: (args) => [new LuaFunction(([table, place]) => nextPlace(args, table, place)), args.table(0), 0],
  next: (args) => nextEntry(args, args.table(0), args.all[1]),
  pairs: (args) => [new LuaFunction(([, key]) => nextEntry(args, args.table(0), key)), args.table(0), undefined],
  pcall: ({ all: [callee, ...rest], machine }) =>
    protectedly(
      machine,
      () => machine.call(callee, rest),
      (value) => [value],
    ),
  print: () => [],
  rawequal: ({ all: [a, b] }) => [a === b],
  rawget: (args) => [args.table(0).get(args.all[1])],
  rawset: (args) => {
    args.machine.rawSet(args.table(0), args.all[1], args.all[2]);
    return [args.table(0)];
  },
  select: (args) => {
    const rest = args.all.slice(1);
    if (args.all[0] === '#') return [rest.length];
    const from = args.whole(0);
    if (from === 0) args.machine.fail("bad argument #1 to 'select' (index out of range)");
    return from < 0 ? rest.slice(from) : rest.slice(from - 1);
  },
  setmetatable: (args) => {
    const table = args.table(0);
    if (table.metatable?.get('__metatable') !== undefined) args.machine.fail('cannot change a protected metatable');
    table.metatable = args.all[1] === undefined ? undefined : args.table(1);
    return [table];
  },
  tonumber: (args) => [args.all[1] === undefined ? toNumber(args.any(0)) : ofBase(args.text(0), args.whole(1))],
  tostring: (args) => [args.machine.text(args.machine.display(args.any(0)))],
  type: (args) => [typeOf(args.any(0))],
  unpack: (args) => {
    const table = args.table(0);
    const from = args.whole(1, 1);
    const count = Math.max(0, args.whole(2, table.length()) - from + 1);
    if (count > MAX_UNPACKED) args.machine.fail('too many results to unpack');
    args.machine.budget.step(count);
    return Array.from({ length: count }, (_, index) => table.get(from + index));
  },
  xpcall: ({ all: [callee, handler], machine }) =>
    protectedly(
      machine,
      () => machine.call(callee, []),
      (value) => machine.call(handler, [value]),
    ),
};

/** To make an error and to catch it takes the host long. */
const CATCH_STEPS = 100;

/** Catches errors of the program only. */
function protectedly(
  { budget }: Machine,
  run: () => readonly LuaValue[],
  handle: (value: LuaValue) => readonly LuaValue[],
): readonly LuaValue[] {
  budget.step(CATCH_STEPS);
  try {
    return [true, ...run()];
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return [false, ...handle(error.value)];
  }
}

function nextEntry({ machine }: Arguments, table: LuaTable, key: LuaValue): readonly LuaValue[] {
  const entry = table.next(key);
  if (entry === 'unknown') return machine.fail("invalid key to 'next'");
  return entry ?? [undefined];
}

function nextPlace({ machine }: Arguments, table: LuaValue, place: LuaValue): readonly LuaValue[] {
  const next = (toNumber(place) ?? 0) + 1;
  const value = machine.index(table, next);
  return value === undefined ? [undefined] : [next, value];
}

function tableOr(value: LuaValue): LuaTable | undefined {
  return value instanceof LuaTable ? value : undefined;
}

function ofBase(text: string, base: number): number | undefined {
  const digits = text.trim().toLowerCase();
  const isNumber = [...digits].every((digit) => Number.parseInt(digit, 36) < base) && digits !== '';
  return isNumber ? Number.parseInt(digits, base) : undefined;
}
