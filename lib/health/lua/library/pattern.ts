// Patterns of Lua. In: a text, a pattern, a place. Out: where the pattern matches from there, with its captures. Each comparison is a step of the run.
import type { Machine } from '../machine.ts';
import type { LuaValue } from '../values.ts';

/** A part of the text; a position capture has no end. */
type Capture = { readonly start: number; readonly end: number | 'open' | 'position' };

export type Match = { readonly start: number; readonly end: number; readonly captures: readonly Capture[] };

type Found = Omit<Match, 'start'> | undefined;

const MAX_CAPTURES = 32;

const CLASSES: Readonly<Record<string, { test(character: string): boolean }>> = {
  a: /[A-Za-z]/,
  c: { test: (character) => character < ' ' || character === '\x7f' },
  d: /\d/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \t-\r]/,
  u: /[A-Z]/,
  w: /[A-Za-z\d]/,
  x: /[\dA-Fa-f]/,
  z: { test: (character) => character === '\0' },
};

/** Matches one pattern against one text. */
export class PatternMatcher {
  readonly #machine: Machine;
  readonly #text: string;
  readonly #pattern: string;

  constructor(machine: Machine, text: string, pattern: string) {
    this.#machine = machine;
    this.#text = text;
    this.#pattern = pattern;
  }

  /** The first match that starts at a place or, unless the pattern is anchored there, after it. */
  find(from: number): Match | undefined {
    const isAnchored = this.#pattern.startsWith('^');
    for (let start = from; start <= this.#text.length; start += 1) {
      const found = this.matchAt(start);
      if (found !== undefined || isAnchored) return found;
    }
    return undefined;
  }

  matchAt(start: number): Match | undefined {
    const found = this.#match(start, this.#pattern.startsWith('^') ? 1 : 0, []);
    return found && { start, ...found };
  }

  /** The values of a match's captures; the whole match where the pattern has none. */
  values({ start, end, captures }: Match): readonly LuaValue[] {
    if (captures.length === 0) return [this.#machine.text(this.#text.slice(start, end))];
    return captures.map((capture) => {
      if (capture.end === 'position') return capture.start + 1;
      if (capture.end === 'open') return this.#machine.fail('unfinished capture');
      return this.#machine.text(this.#text.slice(capture.start, capture.end));
    });
  }

  #match(at: number, place: number, captures: readonly Capture[]): Found {
    this.#machine.budget.step();
    const pattern = this.#pattern;
    const symbol = pattern[place];
    if (symbol === undefined) return { end: at, captures };
    if (symbol === '(') return this.#open(at, place, captures);
    if (symbol === ')') return this.#close(at, place, captures);
    if (symbol === '%') return this.#escaped(at, place, captures);
    if (symbol !== '$' || place + 1 < pattern.length) return this.#item(at, place, captures);
    return at === this.#text.length ? { end: at, captures } : undefined;
  }

  #escaped(at: number, place: number, captures: readonly Capture[]): Found {
    const next = this.#pattern[place + 1] ?? '';
    if (next === 'b') return this.#balance(at, place, captures);
    if (next === 'f') return this.#frontier(at, place, captures);
    return /\d/.test(next) ? this.#again(at, place, captures) : this.#item(at, place, captures);
  }

  #item(at: number, place: number, captures: readonly Capture[]): Found {
    const end = this.#classEnd(place);
    const quantifier = this.#pattern[end] ?? '';
    if (quantifier === '*') return this.#longest(at, { place, end, least: 0 }, captures);
    if (quantifier === '+') return this.#longest(at, { place, end, least: 1 }, captures);
    if (quantifier === '-') return this.#shortest(at, { place, end }, captures);
    const isMatch = this.#isMember(at, place, end);
    if (quantifier === '?')
      return (isMatch ? this.#match(at + 1, end + 1, captures) : undefined) ?? this.#match(at, end + 1, captures);
    return isMatch ? this.#match(at + 1, end, captures) : undefined;
  }

  #longest(
    at: number,
    { place, end, least }: { readonly place: number; readonly end: number; readonly least: number },
    captures: readonly Capture[],
  ): Found {
    let count = 0;
    while (this.#isMember(at + count, place, end)) count += 1;
    for (; count >= least; count -= 1) {
      const found = this.#match(at + count, end + 1, captures);
      if (found) return found;
    }
    return undefined;
  }

  #shortest(
    at: number,
    { place, end }: { readonly place: number; readonly end: number },
    captures: readonly Capture[],
  ): Found {
    for (let position = at; ; position += 1) {
      const found = this.#match(position, end + 1, captures);
      if (found) return found;
      if (!this.#isMember(position, place, end)) return undefined;
    }
  }

  #open(at: number, place: number, captures: readonly Capture[]): Found {
    if (captures.length >= MAX_CAPTURES) this.#machine.fail('too many captures');
    if (this.#pattern[place + 1] === ')')
      return this.#match(at, place + 2, [...captures, { start: at, end: 'position' }]);
    return this.#match(at, place + 1, [...captures, { start: at, end: 'open' }]);
  }

  #close(at: number, place: number, captures: readonly Capture[]): Found {
    const index = captures.findLastIndex(({ end }) => end === 'open');
    const open = captures[index];
    if (open === undefined) return this.#machine.fail('invalid pattern capture');
    return this.#match(at, place + 1, captures.with(index, { start: open.start, end: at }));
  }

  #balance(at: number, place: number, captures: readonly Capture[]): Found {
    const [opening, closing] = [this.#pattern[place + 2], this.#pattern[place + 3]];
    if (closing === undefined) this.#machine.fail('malformed pattern (missing arguments to %b)');
    if (this.#text[at] !== opening) return undefined;
    let level = 1;
    for (let position = at + 1; position < this.#text.length; position += 1) {
      this.#machine.budget.step();
      const character = this.#text[position];
      if (character === closing) level -= 1;
      else if (character === opening) level += 1;
      if (level === 0) return this.#match(position + 1, place + 4, captures);
    }
    return undefined;
  }

  #frontier(at: number, place: number, captures: readonly Capture[]): Found {
    const set = place + 2;
    if (this.#pattern[set] !== '[') this.#machine.fail("missing '[' after %f in pattern");
    const end = this.#classEnd(set);
    const isIn = (character: string): boolean => this.#isInSet(character, set, end);
    if (isIn(this.#text[at - 1] ?? '\0') || !isIn(this.#text[at] ?? '\0')) return undefined;
    return this.#match(at, end, captures);
  }

  #again(at: number, place: number, captures: readonly Capture[]): Found {
    const capture = captures[Number(this.#pattern[place + 1]) - 1];
    if (capture === undefined || typeof capture.end !== 'number') return this.#machine.fail('invalid capture index');
    const text = this.#text.slice(capture.start, capture.end);
    this.#machine.budget.step(text.length);
    return this.#text.startsWith(text, at) ? this.#match(at + text.length, place + 2, captures) : undefined;
  }

  /** Where the single-character class that begins at a place ends. */
  #classEnd(place: number): number {
    const pattern = this.#pattern;
    if (pattern[place] === '%') {
      if (place + 1 >= pattern.length) this.#machine.fail("malformed pattern (ends with '%')");
      return place + 2;
    }
    if (pattern[place] !== '[') return place + 1;
    // A bracket that comes first in a set stands for itself.
    let end = pattern[place + 1] === '^' ? place + 2 : place + 1;
    do {
      if (end >= pattern.length) this.#machine.fail("malformed pattern (missing ']')");
      end += pattern[end] === '%' ? 2 : 1;
    } while (pattern[end] !== ']');
    return end + 1;
  }

  #isMember(at: number, place: number, end: number): boolean {
    this.#machine.budget.step();
    const character = this.#text[at];
    if (character === undefined) return false;
    const symbol = this.#pattern[place] ?? '';
    if (symbol === '.') return true;
    if (symbol === '%') return isInClass(character, this.#pattern[place + 1] ?? '');
    return symbol === '[' ? this.#isInSet(character, place, end) : symbol === character;
  }

  #isInSet(character: string, place: number, end: number): boolean {
    const isNegated = this.#pattern[place + 1] === '^';
    const items = this.#pattern.slice(place + (isNegated ? 2 : 1), end - 1);
    this.#machine.budget.step(items.length);
    return isInItems(character, items) !== isNegated;
  }
}

function isInItems(character: string, items: string): boolean {
  for (let index = 0; index < items.length; ) {
    const { isIn, length } = itemAt(character, items, index);
    if (isIn) return true;
    index += length;
  }
  return false;
}

/** Whether a character is in the part of a set that begins at a place: a class, a range, or one character. */
function itemAt(character: string, items: string, index: number): { readonly isIn: boolean; readonly length: number } {
  const [item = '', next = '', last] = items.slice(index, index + 3);
  if (item === '%') return { isIn: isInClass(character, next), length: 2 };
  if (next !== '-' || last === undefined) return { isIn: item === character, length: 1 };
  return { isIn: item <= character && character <= last, length: 3 };
}

function isInClass(character: string, name: string): boolean {
  const members = CLASSES[name.toLowerCase()];
  if (members === undefined) return name === character;
  return members.test(character) !== /[A-Z]/.test(name);
}
