// In: the parser's events for one text. Out: plain JSON-like values, resolved as kubectl resolves them, and every problem with its offset.
// Aliases share their value; their expanded size is limited.
import { type AliasEvent, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { isMapping } from '../shape.ts';
import { resolvePlain, type Scalar } from './scalar.ts';

type Problem = {
  readonly offset: number;
  readonly message: string;
  readonly excessive?: true;
  readonly duplicate?: true;
};

type Built = {
  readonly documents: readonly { readonly value: unknown; readonly offset: number }[];
  readonly problems: readonly Problem[];
  /** Start offsets of the mappings of the upper levels. */
  readonly starts: ReadonlyMap<object, number>;
};

type Collection = Extract<Event, { readonly style: unknown; readonly start: number }>;
type Anchor = { value: unknown; weight: number; open: boolean };

/** How many characters all aliases together may expand to. */
const MAX_ALIAS_WEIGHT = 1_000_000;
/** Levels whose mappings get a line: the document, its fields, and the items of a list in it. */
const LEVELS_WITH_LINES = 3;

/** Builds the values of all documents that are not empty. */
export function buildDocuments(text: string, events: readonly Event[]): Built {
  return new Builder(text, events).build();
}

class Builder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #problems: Problem[] = [];
  readonly #starts = new Map<object, number>();
  #anchors = new Map<string, Anchor>();
  #cursor = 0;
  #depth = 0;
  /** Size of everything built so far, aliases counted as if written out. */
  #weight = 0;
  #aliasWeight = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  build(): Built {
    const documents: { value: unknown; offset: number }[] = [];
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      if (event.type !== EVENT_ID.DOCUMENT) continue;
      this.#anchors = new Map();
      const first = this.#peek();
      if (first === undefined || first.type === EVENT_ID.POP) continue;
      const offset = offsetOf(first);
      const value = this.#node();
      if (value !== null) documents.push({ value, offset });
    }
    return { documents, problems: this.#problems, starts: this.#starts };
  }

  #next(): Event | undefined {
    this.#cursor += 1;
    return this.#events[this.#cursor - 1];
  }

  #peek(): Event | undefined {
    return this.#events[this.#cursor];
  }

  #node(): unknown {
    const event = this.#next();
    if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return null;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event);
    const anchor: Anchor = { value: null, weight: this.#weight, open: true };
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), anchor);
    anchor.value = event.type === EVENT_ID.SCALAR ? this.#scalar(event) : this.#collection(event);
    anchor.weight = this.#weight - anchor.weight;
    anchor.open = false;
    return anchor.value;
  }

  #collection(event: Collection): unknown {
    const [kind, tag] = event.type === EVENT_ID.SEQUENCE ? ['a list', '!!seq'] : ['a mapping', '!!map'];
    if (!['', '!', tag].includes(this.#tag(event)))
      this.#report(event, `the tag on ${kind} is not supported; remove it`);
    this.#weight += 2;
    this.#depth += 1;
    const value = event.type === EVENT_ID.SEQUENCE ? this.#sequence() : this.#mapping(event);
    this.#depth -= 1;
    return value;
  }

  #sequence(): unknown[] {
    const items: unknown[] = [];
    while (!this.#closes()) items.push(this.#node());
    return items;
  }

  #mapping(event: Event): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    if (this.#depth <= LEVELS_WITH_LINES) this.#starts.set(mapping, offsetOf(event));
    const merged: [Event, unknown][] = [];
    while (!this.#closes()) {
      const keyEvent = this.#peek();
      if (keyEvent === undefined) break;
      if (this.#isMergeKey(keyEvent)) {
        this.#cursor += 1;
        merged.push([keyEvent, this.#node()]);
        continue;
      }
      const key = this.#key(keyEvent);
      const value = this.#node();
      if (key === undefined) continue;
      if (Object.hasOwn(mapping, key)) this.#reportDuplicate(keyEvent, key);
      put(mapping, key, value);
    }
    for (const [keyEvent, source] of merged) this.#merge(mapping, source, keyEvent);
    return mapping;
  }

  /** Consumes the end of a collection, if it is next. */
  #closes(): boolean {
    const event = this.#peek();
    const closes = event === undefined || event.type === EVENT_ID.POP;
    if (closes) this.#cursor += 1;
    return closes;
  }

  #isMergeKey(event: Event): boolean {
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
    return this.#text.slice(event.valueStart, event.valueEnd) === '<<' && event.valueStart >= 0;
  }

  #merge(mapping: Record<string, unknown>, source: unknown, keyEvent: Event): void {
    const parts: unknown[] = Array.isArray(source) ? source : [source];
    if (!parts.every(isMapping)) this.#report(keyEvent, 'only mappings can be merged with <<');
    for (const part of parts.filter(isMapping)) fill(mapping, part);
  }

  /** A key as JSON has it; numbers and booleans become text, as in kubectl. */
  #key(event: Event): string | undefined {
    const key = this.#node();
    if (key !== null && typeof key !== 'object') return String(key);
    this.#report(event, key === null ? 'a key is empty; quote it' : 'a key is a list or a mapping; write it as text');
    return undefined;
  }

  #scalar(event: ScalarEvent): Scalar {
    const source = getScalarValue(this.#text, event);
    this.#weight += source.length + 1;
    const tag = this.#tag(event);
    if (tag === '') return event.style === SCALAR_STYLE.PLAIN ? this.#plain(source, event) : source;
    if (tag === '!' || tag === '!!str' || tag === '!!timestamp') return source;
    const fits = TAGGED[tag];
    const value = fits === undefined ? source : this.#plain(source, event);
    if (fits === undefined) this.#report(event, `the tag ${abbreviate(tag)} is not supported; remove it`);
    else if (!fits(value)) this.#report(event, `the value does not fit its tag ${tag}`);
    return value;
  }

  #plain(source: string, event: Event): Scalar {
    const value = resolvePlain(source);
    if (value === undefined) this.#report(event, 'infinity and NaN are no numbers in JSON; quote it if it is text');
    return value === undefined ? source : value;
  }

  #alias(event: AliasEvent): unknown {
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) this.#report(event, `alias "${abbreviate(name)}" has no anchor before it`);
    else if (anchor.open) this.#report(event, `alias "${abbreviate(name)}" is inside its own anchor`);
    if (anchor === undefined || anchor.open) return null;
    if (this.#aliasWeight > MAX_ALIAS_WEIGHT) return null;
    this.#aliasWeight += anchor.weight;
    this.#weight += anchor.weight;
    if (this.#aliasWeight > MAX_ALIAS_WEIGHT)
      this.#problems.push({
        offset: offsetOf(event),
        message: `aliases expand to more than ${MAX_ALIAS_WEIGHT} characters; use fewer aliases`,
        excessive: true,
      });
    return anchor.value;
  }

  /** The short form of a tag: `!!str`; '' for none. */
  #tag(event: Collection | ScalarEvent): string {
    if (event.tagStart < 0) return '';
    return this.#text.slice(event.tagStart, event.tagEnd).replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
  }

  #reportDuplicate(event: Event, key: string): void {
    this.#problems.push({ offset: offsetOf(event), message: `duplicate key "${abbreviate(key)}"`, duplicate: true });
  }

  #report(event: Event, message: string): void {
    this.#problems.push({ offset: offsetOf(event), message });
  }
}

/** Tags that name a type, and what a value of it is. */
const TAGGED: Readonly<Record<string, (value: Scalar) => boolean>> = {
  '!!int': (value) => typeof value === 'bigint' || Number.isInteger(value),
  '!!float': (value) => typeof value === 'number' || typeof value === 'bigint',
  '!!bool': (value) => typeof value === 'boolean',
  '!!null': (value) => value === null,
};

function offsetOf(event: Event): number {
  if ('start' in event) return event.start;
  if ('valueStart' in event && event.valueStart >= 0) return event.valueStart;
  return 'anchorStart' in event ? Math.max(event.anchorStart, 0) : 0;
}

/** `<<`: existing keys of the mapping win. */
function fill(mapping: Record<string, unknown>, part: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(part)) if (!Object.hasOwn(mapping, key)) put(mapping, key, value);
}

function put(mapping: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(mapping, key, { value, enumerable: true, writable: true, configurable: true });
  else mapping[key] = value;
}

function abbreviate(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}
