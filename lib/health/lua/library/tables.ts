import { textOf } from '../machine.ts';
import { isTrue, type LuaTable, type LuaValue, typeOf } from '../values.ts';
import type { Arguments, Library } from './arguments.ts';

/** The functions of tables. */
export const TABLES: Library = {
  concat: (args) => {
    const table = args.table(0);
    const separator = args.all[1] === undefined ? '' : args.text(1);
    const values = placesOf(args, table, args.whole(2, 1), args.whole(3, table.length()));
    return [args.machine.text(values.map((value) => textIn(args, value)).join(separator))];
  },
  getn: (args) => [args.table(0).length()],
  insert: (args) => {
    const table = args.table(0);
    const length = table.length();
    if (args.all.length < 3) {
      args.machine.rawSet(table, length + 1, args.all[1]);
      return [];
    }
    const place = args.whole(1);
    args.machine.budget.step(Math.max(0, length - place));
    for (let index = length; index >= place; index -= 1) args.machine.rawSet(table, index + 1, table.get(index));
    args.machine.rawSet(table, place, args.all[2]);
    return [];
  },
  maxn: (args) => {
    const table = args.table(0);
    let most = 0;
    for (let entry = table.next(undefined); entry !== undefined && entry !== 'unknown'; entry = table.next(entry[0])) {
      args.machine.budget.step();
      if (typeof entry[0] === 'number') most = Math.max(most, entry[0]);
    }
    return [most];
  },
  remove: (args) => {
    const table = args.table(0);
    const length = table.length();
    const place = args.whole(1, length);
    if (place < 1 || place > length) return [undefined];
    args.machine.budget.step(length - place);
    const removed = table.get(place);
    for (let index = place; index < length; index += 1) table.set(index, table.get(index + 1));
    table.set(length, undefined);
    return [removed];
  },
  sort: (args) => {
    const table = args.table(0);
    const isBefore = orderOf(args);
    const values = placesOf(args, table, 1, table.length());
    const sorted = values.toSorted((a, b) => (isBefore(a, b) ? -1 : Number(isBefore(b, a))));
    sorted.forEach((value, index) => {
      table.set(index + 1, value);
    });
    return [];
  },
};

function orderOf(args: Arguments): (a: LuaValue, b: LuaValue) => boolean {
  const { machine } = args;
  if (args.all[1] === undefined)
    return (a, b) => {
      machine.budget.step();
      return machine.isLess(a, b);
    };
  const order = args.function(1);
  return (a, b) => isTrue(machine.call(order, [a, b])[0]);
}

function placesOf({ machine }: Arguments, table: LuaTable, from: number, to: number): readonly LuaValue[] {
  const count = Math.max(0, to - from + 1);
  machine.budget.step(count);
  return Array.from({ length: count }, (_, index) => table.get(from + index));
}

function textIn({ machine }: Arguments, value: LuaValue): string {
  return textOf(value) ?? machine.fail(`invalid value (${typeOf(value)}) in table for 'concat'`);
}
