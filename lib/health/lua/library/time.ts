import { LuaTable, toNumber } from '../values.ts';
import type { Arguments, Library } from './arguments.ts';

/** What Argo CD leaves of `os`: the time. It is UTC, whatever the format says. */
export function timeLibrary(now: number): Library {
  return {
    time: (args) => [args.all[0] === undefined ? Math.floor(now / 1000) : secondsOf(args)],
    date: (args) => [dateOf(args, now)],
  };
}

function secondsOf(args: Arguments): number | undefined {
  const table = args.table(0);
  const part = (name: string, otherwise?: number): number =>
    toNumber(table.get(name)) ?? otherwise ?? args.machine.fail(`field '${name}' missing in date table`);
  const date = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour', 12), part('min', 0), part('sec', 0));
  return Number.isNaN(date) ? undefined : date / 1000;
}

function dateOf(args: Arguments, now: number): string | LuaTable {
  const format = args.all[0] === undefined ? '%c' : args.text(0).replace(/^!/, '');
  const date = new Date(args.number(1, Math.floor(now / 1000)) * 1000);
  if (Number.isNaN(date.getTime())) return args.machine.fail("bad argument #2 to 'date' (time out of range)");
  if (format.startsWith('*t')) return partsOf(date);
  const text = format.replaceAll(/%([A-Za-z%])/g, (whole, name: string) => FORMATS[name]?.(date) ?? whole);
  return args.machine.text(text);
}

const two = (value: number): string => `${value}`.padStart(2, '0');

const FORMATS: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  Y: (date) => `${date.getUTCFullYear()}`,
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  Z: () => 'UTC',
  c: (date) => date.toUTCString(),
  x: (date) => date.toISOString().slice(0, 10),
  X: (date) => date.toISOString().slice(11, 19),
};

function partsOf(date: Date): LuaTable {
  const table = new LuaTable();
  const first = Date.UTC(date.getUTCFullYear(), 0, 1);
  const parts = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: Math.floor((date.getTime() - first) / 86_400_000) + 1,
    isdst: false,
  };
  for (const [name, value] of Object.entries(parts)) table.set(name, value);
  return table;
}
