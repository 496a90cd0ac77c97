// In: a program, one byte a character. Out: its tokens. May throw a LuaSyntaxError.
import { LuaSyntaxError } from './syntax.ts';

export type Token = { readonly line: number } & (
  | { readonly kind: 'name' | 'string' | 'symbol' | 'keyword'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'end' }
);

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const PARTS = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>--(?!\[=*\[)[^\n]*)`,
    String.raw`(?<long>(?:--)?\[(?<level>=*)\[)`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
    String.raw`(?<hex>0[xX][\da-fA-F]+)`,
    String.raw`(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)`,
    '(?<quote>["\'])',
    String.raw`(?<symbol>\.\.\.|::|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.])`,
  ].join('|'),
  'y',
);

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '\n',
};

/** Splits a program into tokens; the last one is its end. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = text.startsWith('#') ? text.indexOf('\n') >>> 0 : 0;
  let line = 1;
  while (position < text.length) {
    PARTS.lastIndex = position;
    const groups: Groups | undefined = PARTS.exec(text)?.groups;
    if (groups === undefined) throw new LuaSyntaxError(line, `unexpected ${JSON.stringify(text[position])}`);
    const found = tokenAt(text, { position, line, groups });
    if (found.token !== undefined) tokens.push(found.token);
    line += countLines(text.slice(position, found.end));
    position = found.end;
  }
  return [...tokens, { kind: 'end', line }];
}

type Groups = Readonly<
  Partial<Record<'space' | 'comment' | 'long' | 'level' | 'name' | 'hex' | 'number' | 'quote' | 'symbol', string>>
>;

type Place = { readonly position: number; readonly line: number; readonly groups: Groups };

type Found = { readonly token?: Token; readonly end: number };

function tokenAt(text: string, place: Place): Found {
  const { position, line, groups } = place;
  const skipped = groups.space ?? groups.comment;
  if (skipped !== undefined) return { end: position + skipped.length };
  if (groups.long !== undefined) return longString(text, place, groups.long);
  if (groups.quote !== undefined) return shortString(text, place, groups.quote);
  const word = groups.name ?? groups.symbol;
  if (word === undefined) {
    const digits = groups.hex ?? groups.number ?? '';
    return { token: { kind: 'number', value: Number(digits), line }, end: position + digits.length };
  }
  const kind = groups.symbol !== undefined ? 'symbol' : KEYWORDS.has(word) ? 'keyword' : 'name';
  return { token: { kind, text: word, line }, end: position + word.length };
}

function longString(text: string, { position, line, groups }: Place, opening: string): Found {
  const closing = `]${groups.level}]`;
  const start = position + opening.length;
  const end = text.indexOf(closing, start);
  if (end < 0) throw new LuaSyntaxError(line, `unfinished ${opening.startsWith('--') ? 'comment' : 'string'}`);
  const after = end + closing.length;
  if (opening.startsWith('--')) return { end: after };
  return { token: { kind: 'string', text: text.slice(start, end).replace(/^\r?\n/, ''), line }, end: after };
}

function shortString(text: string, { position, line }: Place, quote: string): Found {
  let content = '';
  let at = position + 1;
  while (text[at] !== quote) {
    const character = text[at];
    if (character === undefined || character === '\n') throw new LuaSyntaxError(line, 'unfinished string');
    const { piece, length } = character === '\\' ? escaped(text, at, line) : { piece: character, length: 1 };
    content += piece;
    at += length;
  }
  return { token: { kind: 'string', text: content, line }, end: at + 1 };
}

function escaped(text: string, at: number, line: number): { readonly piece: string; readonly length: number } {
  const digits = /^\d{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (digits !== undefined) {
    if (Number(digits) > 255) throw new LuaSyntaxError(line, 'escape sequence too large');
    return { piece: String.fromCharCode(Number(digits)), length: 1 + digits.length };
  }
  const next = text[at + 1] ?? '';
  return { piece: ESCAPES[next] ?? next, length: 2 };
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
