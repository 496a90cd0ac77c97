// What values do: index, call, compute, compare. An error of the program is a LuaError with the line, as Argo CD's engine writes it.
import type { Budget } from './budget.ts';
import type { BinaryOperator } from './syntax.ts';
import { formatNumber, isTrue, LuaError, LuaFunction, LuaTable, type LuaValue, toNumber, typeOf } from './values.ts';

type Arithmetic = (a: number, b: number) => number;

const ARITHMETIC: Partial<Readonly<Record<BinaryOperator, readonly [event: string, compute: Arithmetic]>>> = {
  '+': ['__add', (a, b) => a + b],
  '-': ['__sub', (a, b) => a - b],
  '*': ['__mul', (a, b) => a * b],
  '/': ['__div', (a, b) => a / b],
  '%': ['__mod', (a, b) => a - Math.floor(a / b) * b],
  '^': ['__pow', (a, b) => a ** b],
};

/** What a table entry takes, about. */
const ENTRY_BYTES = 64;

/** A chain of metatables that is longer has a loop. */
const MAX_CHAIN = 100;

/** The state of one run. */
export class Machine {
  readonly budget: Budget;
  readonly globals = new LuaTable();
  /** The functions that a string has as methods. */
  readonly strings = new LuaTable();
  /** The line that is being run. */
  line = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Ends the run, or the innermost `pcall`, with a message and the line. */
  fail(message: string): never {
    throw new LuaError(this.text(`<string>:${this.line}: ${message}`));
  }

  /** Accounts for a new string. */
  text(value: string): string {
    this.budget.allocate(value.length);
    return value;
  }

  index(of: LuaValue, key: LuaValue, name = ''): LuaValue {
    let from = of;
    for (let depth = 0; depth < MAX_CHAIN; depth += 1) {
      if (typeof from === 'string') return this.strings.get(key);
      const own = from instanceof LuaTable ? from.get(key) : undefined;
      if (own !== undefined) return own;
      const handler = metamethod(from, '__index');
      if (handler === undefined) return this.#absent(from, name);
      if (handler instanceof LuaFunction) return this.call(handler, [from, key])[0];
      from = handler;
    }
    return this.fail('loop in gettable');
  }

  /** What a table without the key has; anything else has no keys at all. */
  #absent(from: LuaValue, name: string): undefined {
    if (!(from instanceof LuaTable)) this.fail(`attempt to index a ${typeOf(from)} value${name}`);
  }

  setIndex(of: LuaValue, key: LuaValue, value: LuaValue, name?: string): void {
    let into = of;
    for (let depth = 0; depth < MAX_CHAIN; depth += 1) {
      const handler =
        into instanceof LuaTable && into.get(key) !== undefined ? undefined : metamethod(into, '__newindex');
      if (handler instanceof LuaFunction) {
        this.call(handler, [into, key, value]);
        return;
      }
      if (handler === undefined && into instanceof LuaTable) {
        this.rawSet(into, key, value);
        return;
      }
      if (handler === undefined) this.fail(`attempt to index a ${typeOf(into)} value${name ?? ''}`);
      into = handler;
    }
    this.fail('loop in settable');
  }

  rawSet(table: LuaTable, key: LuaValue, value: LuaValue): void {
    if (key === undefined || Number.isNaN(key)) this.fail(`table index is ${key === undefined ? 'nil' : 'NaN'}`);
    if (table.set(key, value)) this.budget.allocate(ENTRY_BYTES);
  }

  call(callee: LuaValue, args: readonly LuaValue[], name?: string): readonly LuaValue[] {
    this.budget.step();
    if (callee instanceof LuaFunction) return this.budget.nested(() => callee.call(args));
    const handler = metamethod(callee, '__call');
    if (handler === undefined) this.fail(`attempt to call a ${typeOf(callee)} value${name ?? ''}`);
    return this.budget.nested(() => this.call(handler, [callee, ...args]));
  }

  binary(operator: BinaryOperator, a: LuaValue, b: LuaValue): LuaValue {
    const arithmetic = ARITHMETIC[operator];
    if (arithmetic !== undefined) return this.arithmetic(arithmetic, a, b);
    if (operator === '..') return this.concat(a, b);
    if (operator === '==') return this.equals(a, b);
    if (operator === '~=') return !this.equals(a, b);
    if (operator === '<') return this.isLess(a, b);
    if (operator === '>') return this.isLess(b, a);
    return operator === '<=' ? this.isAtMost(a, b) : this.isAtMost(b, a);
  }

  arithmetic([event, compute]: readonly [string, Arithmetic], a: LuaValue, b: LuaValue): LuaValue {
    const [x, y] = [toNumber(a), toNumber(b)];
    if (x !== undefined && y !== undefined) return compute(x, y);
    const handler = metamethod(a, event) ?? metamethod(b, event);
    if (handler !== undefined) return this.call(handler, [a, b])[0];
    return this.fail(`attempt to perform arithmetic on a ${typeOf(x === undefined ? a : b)} value`);
  }

  negate(value: LuaValue): LuaValue {
    const number = toNumber(value);
    if (number !== undefined) return -number;
    const handler = metamethod(value, '__unm');
    if (handler !== undefined) return this.call(handler, [value])[0];
    return this.fail(`attempt to perform arithmetic on a ${typeOf(value)} value`);
  }

  length(value: LuaValue): LuaValue {
    if (typeof value === 'string') return value.length;
    if (!(value instanceof LuaTable)) this.fail(`attempt to get length of a ${typeOf(value)} value`);
    return value.length();
  }

  concat(a: LuaValue, b: LuaValue): LuaValue {
    const [x, y] = [textOf(a), textOf(b)];
    if (x !== undefined && y !== undefined) return this.text(x + y);
    const handler = metamethod(a, '__concat') ?? metamethod(b, '__concat');
    if (handler !== undefined) return this.call(handler, [a, b])[0];
    return this.fail(`attempt to concatenate a ${typeOf(x === undefined ? a : b)} value`);
  }

  equals(a: LuaValue, b: LuaValue): boolean {
    this.#stepThrough(a, b);
    if (a === b) return true;
    if (!(a instanceof LuaTable && b instanceof LuaTable)) return false;
    const handler = metamethod(a, '__eq');
    return handler !== undefined && handler === metamethod(b, '__eq') && isTrue(this.call(handler, [a, b])[0]);
  }

  isLess(a: LuaValue, b: LuaValue): boolean {
    this.#stepThrough(a, b);
    if (typeof a === 'number' && typeof b === 'number') return a < b;
    if (typeof a === 'string' && typeof b === 'string') return a < b;
    return isTrue(this.#compare('__lt', a, b));
  }

  isAtMost(a: LuaValue, b: LuaValue): boolean {
    this.#stepThrough(a, b);
    if (typeof a === 'number' && typeof b === 'number') return a <= b;
    if (typeof a === 'string' && typeof b === 'string') return a <= b;
    if (metamethod(a, '__le') === undefined && metamethod(a, '__lt') !== undefined) return !this.isLess(b, a);
    return isTrue(this.#compare('__le', a, b));
  }

  /** Long texts take long to compare. */
  #stepThrough(a: LuaValue, b: LuaValue): void {
    if (typeof a === 'string' && typeof b === 'string') this.budget.step(Math.min(a.length, b.length) >> 6);
  }

  #compare(event: string, a: LuaValue, b: LuaValue): LuaValue {
    const handler = metamethod(a, event);
    if (handler !== undefined && handler === metamethod(b, event)) return this.call(handler, [a, b])[0];
    const [x, y] = [typeOf(a), typeOf(b)];
    return this.fail(x === y ? `attempt to compare two ${x} values` : `attempt to compare ${x} with ${y}`);
  }

  /** A value as `tostring` gives it. */
  display(value: LuaValue): string {
    const handler = metamethod(value, '__tostring');
    if (handler !== undefined)
      return textOf(this.call(handler, [value])[0]) ?? this.fail("'tostring' must return a string");
    return (
      textOf(value) ?? (value === undefined ? 'nil' : typeof value === 'boolean' ? `${value}` : `${typeOf(value)}: 0x0`)
    );
  }
}

/** A string, or a number as one. */
export function textOf(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatNumber(value) : undefined;
}

function metamethod(value: LuaValue, event: string): LuaValue {
  return value instanceof LuaTable ? value.metatable?.get(event) : undefined;
}
