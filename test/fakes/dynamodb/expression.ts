// In: an expression of DynamoDB's and its placeholders. Out: whether an item meets it, or what an update makes of the item. Exactly what the state store
// says is known; anything else is an error, so that no test passes on a guess.

export type Item = Readonly<Record<string, unknown>>;

export type Placeholders = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
};

const TOKEN = /\s*(<>|<=|>=|[=<>(),]|[#:\w.]+)/y;
const SECTIONS = ['SET', 'REMOVE', 'ADD'] as const;

/** Whether the item meets the condition; an item that does not exist has no attributes. */
export function holds(condition: string, item: Item, placeholders: Placeholders): boolean {
  const reader = new Reader(condition, item, placeholders);
  const result = disjunction(reader);
  reader.end();
  return result;
}

/** The item after the update. */
export function updated(update: string, item: Item, placeholders: Placeholders): Item {
  const reader = new Reader(update, item, placeholders);
  const result: Record<string, unknown> = { ...item };
  let section = reader.oneOf(SECTIONS);
  while (section !== undefined) {
    do {
      change(section, reader, result);
    } while (reader.takes(','));
    section = reader.oneOf(SECTIONS);
  }
  reader.end();
  return result;
}

/** The attributes that a projection names; all without one. */
export function projected(projection: string | undefined, item: Item, placeholders: Placeholders): Item {
  if (projection === undefined) return item;
  const names = projection.split(',').map((name) => new Reader(name, item, placeholders).path().join('.'));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function change(section: (typeof SECTIONS)[number], reader: Reader, result: Record<string, unknown>): void {
  const [name, ...deeper] = reader.path();
  if (name === undefined || deeper.length > 0) reader.fail();
  if (section === 'REMOVE') delete result[name];
  else if (section === 'ADD') result[name] = Number(result[name] ?? 0) + Number(operand(reader));
  else {
    reader.expect('=');
    result[name] = operand(reader);
  }
}

function disjunction(reader: Reader): boolean {
  let result = conjunction(reader);
  while (reader.takes('OR')) result = conjunction(reader) || result;
  return result;
}

function conjunction(reader: Reader): boolean {
  let result = term(reader);
  while (reader.takes('AND')) result = term(reader) && result;
  return result;
}

function term(reader: Reader): boolean {
  if (reader.takes('(')) {
    const inner = disjunction(reader);
    reader.expect(')');
    return inner;
  }
  for (const name of ['attribute_exists', 'attribute_not_exists', 'begins_with'] as const)
    if (reader.takes(name)) return predicate(name, reader);
  const left = operand(reader);
  if (!reader.takes('BETWEEN')) return compared(left, reader);
  const low = operand(reader);
  reader.expect('AND');
  const high = operand(reader);
  return comparison(low, left) <= 0 && comparison(left, high) <= 0;
}

function predicate(name: 'attribute_exists' | 'attribute_not_exists' | 'begins_with', reader: Reader): boolean {
  reader.expect('(');
  const value = operand(reader);
  let result = (value === undefined) === (name === 'attribute_not_exists');
  if (name === 'begins_with') {
    reader.expect(',');
    const start = operand(reader);
    result = typeof value === 'string' && value.startsWith(String(start));
  }
  reader.expect(')');
  return result;
}

function compared(left: unknown, reader: Reader): boolean {
  const sign = reader.oneOf(['=', '<>', '<=', '>=', '<', '>'] as const) ?? reader.fail();
  const right = operand(reader);
  if (sign === '=') return left !== undefined && left === right;
  if (sign === '<>') return left !== right;
  const order = comparison(left, right);
  if (sign === '<') return order < 0;
  if (sign === '<=') return order <= 0;
  return sign === '>' ? order > 0 : order >= 0;
}

/** Not a number where the two cannot be compared, so that no comparison holds. */
function comparison(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return Number.NaN;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function operand(reader: Reader): unknown {
  if (!reader.takes('if_not_exists')) return reader.value();
  reader.expect('(');
  const present = reader.value();
  reader.expect(',');
  const otherwise = reader.value();
  reader.expect(')');
  return present ?? otherwise;
}

/** The tokens of an expression, from left to right, and what its placeholders stand for. */
class Reader {
  readonly #tokens: string[];
  readonly #text: string;
  readonly #item: Item;
  readonly #placeholders: Placeholders;

  constructor(text: string, item: Item, placeholders: Placeholders) {
    this.#text = text;
    this.#item = item;
    this.#placeholders = placeholders;
    this.#tokens = [];
    TOKEN.lastIndex = 0;
    const trimmed = text.trimEnd();
    while (TOKEN.lastIndex < trimmed.length) this.#tokens.push(TOKEN.exec(trimmed)?.[1] ?? this.fail());
  }

  takes(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  oneOf<T extends string>(tokens: readonly T[]): T | undefined {
    return tokens.find((token) => this.takes(token));
  }

  expect(token: string): void {
    if (!this.takes(token)) this.fail();
  }

  end(): void {
    if (this.#tokens.length > 0) this.fail();
  }

  path(): readonly string[] {
    const names = this.#placeholders.ExpressionAttributeNames ?? {};
    const token = this.#tokens.shift() ?? this.fail();
    if (!/^[#\w]/.test(token)) this.fail();
    return token
      .trim()
      .split('.')
      .map((name) => (name.startsWith('#') ? (names[name] ?? this.fail()) : name));
  }

  value(): unknown {
    const values = this.#placeholders.ExpressionAttributeValues ?? {};
    const token = this.#tokens[0] ?? this.fail();
    if (!token.startsWith(':'))
      return this.path().reduce<unknown>((value, name) => (value as Item | undefined)?.[name], this.#item);
    if (!(token in values)) this.fail();
    return values[this.#tokens.shift() ?? ''];
  }

  fail(): never {
    throw new Error(`the fake of DynamoDB does not know the expression "${this.#text}" at "${this.#tokens.join(' ')}"`);
  }
}
