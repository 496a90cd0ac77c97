// Values of Lua 5.1. A string holds bytes, one a character, as Lua counts them. Nothing of the host is a value of Lua.

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

/** A function, of the program or of the library. */
export class LuaFunction {
  readonly call: (args: readonly LuaValue[]) => readonly LuaValue[];

  constructor(call: (args: readonly LuaValue[]) => readonly LuaValue[]) {
    this.call = call;
  }
}

/** An error of the program; it carries any value. */
export class LuaError extends Error {
  readonly value: LuaValue;

  constructor(value: LuaValue) {
    super(typeof value === 'string' ? value : `(error object is a ${typeOf(value)} value)`);
    this.value = value;
  }
}

/** A table. Keys keep the order in which they came, and their place while they are removed during a traversal. */
export class LuaTable {
  metatable: LuaTable | undefined;
  readonly #list: LuaValue[] = [];
  readonly #values = new Map<LuaValue, LuaValue>();
  readonly #keys: LuaValue[] = [];
  readonly #places = new Map<LuaValue, number>();

  get(key: LuaValue): LuaValue {
    return isPlace(key) && key <= this.#list.length ? this.#list[key - 1] : this.#values.get(key);
  }

  /** Whether a new entry was made. */
  set(key: LuaValue, value: LuaValue): boolean {
    if (isPlace(key) && key <= this.#list.length) return this.#setPlace(key, value);
    if (isPlace(key) && key === this.#list.length + 1 && value !== undefined) return this.#append(key, value);
    if (value === undefined) {
      if (this.#values.has(key)) this.#values.set(key, undefined);
      return false;
    }
    const isNew = !this.#places.has(key);
    if (isNew) {
      this.#places.set(key, this.#keys.length);
      this.#keys.push(key);
    }
    this.#values.set(key, value);
    return isNew;
  }

  length(): number {
    return this.#list.length;
  }

  /** The entry after a key, in the order of a traversal; undefined at the end, `unknown` for a key that is not in the table. */
  next(key: LuaValue): readonly [LuaValue, LuaValue] | undefined | 'unknown' {
    const first = this.#indexAfter(key);
    if (first === undefined) return 'unknown';
    for (let index = first; index < this.#list.length; index += 1) {
      const value = this.#list[index];
      if (value !== undefined) return [index + 1, value];
    }
    for (let index = Math.max(0, first - this.#list.length); index < this.#keys.length; index += 1) {
      const name = this.#keys[index];
      const value = this.#values.get(name);
      if (value !== undefined) return [name, value];
    }
    return undefined;
  }

  #indexAfter(key: LuaValue): number | undefined {
    if (key === undefined) return 0;
    if (isPlace(key) && key <= this.#list.length) return key;
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#list.length + place + 1;
  }

  #setPlace(key: number, value: LuaValue): boolean {
    this.#list[key - 1] = value;
    while (this.#list.length > 0 && this.#list.at(-1) === undefined) this.#list.pop();
    return false;
  }

  /** Entries that were set before their predecessors follow. */
  #append(key: number, value: LuaValue): boolean {
    this.#list.push(value);
    if (this.#values.has(key)) this.#values.set(key, undefined);
    for (let next = key + 1; this.#values.get(next) !== undefined; next += 1) {
      this.#list.push(this.#values.get(next));
      this.#values.set(next, undefined);
    }
    return true;
  }
}

function isPlace(key: LuaValue): key is number {
  return typeof key === 'number' && Number.isInteger(key) && key > 0;
}

export function typeOf(value: LuaValue): string {
  if (value === undefined) return 'nil';
  if (value instanceof LuaTable) return 'table';
  return value instanceof LuaFunction ? 'function' : typeof value;
}

export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** From here on a number has an exponent. */
const LONGEST_WHOLE = 2 ** 63;

/** A number as text, as Argo CD's engine writes it. */
export function formatNumber(value: number): string {
  if (Number.isFinite(value)) return Math.abs(value) < LONGEST_WHOLE ? String(value) : value.toExponential();
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** A longer text is no number. */
const MAX_DIGITS = 400;

/** The number that a value is, or that its text denotes. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.length <= MAX_DIGITS ? parseNumber(value.trim()) : undefined;
}

function parseNumber(text: string): number | undefined {
  if (/^[-+]?0[xX][\da-fA-F]+$/.test(text)) {
    const value = Number.parseInt(text.replace(/^[-+]/, ''), 16);
    return text.startsWith('-') ? -value : value;
  }
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
