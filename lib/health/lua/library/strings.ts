import { textOf } from '../machine.ts';
import { LuaFunction, LuaTable, type LuaValue, typeOf } from '../values.ts';
import type { Arguments, Library } from './arguments.ts';
import { formatted } from './format.ts';
import { type Match, PatternMatcher } from './pattern.ts';

/** A pattern without these stands for itself. */
const SPECIALS = /[\^$*+?.([%-]/;

/** The functions of strings, except `dump`. */
export const STRINGS: Library = {
  byte: (args) => {
    const from = args.whole(1, 1);
    const { text, start, end } = slice(args, from, args.whole(2, from));
    args.machine.budget.step(end - start);
    return [...text.slice(start, end)].map((character) => character.charCodeAt(0));
  },
  char: (args) => [args.machine.text(String.fromCharCode(...args.all.map((_, index) => args.whole(index) & 255)))],
  find: (args) =>
    found(args, ({ start, end, captures }, matcher) => [
      start + 1,
      end,
      ...(captures.length > 0 ? matcher.values({ start, end, captures }) : []),
    ]),
  format: (args) => [formatted(args)],
  gmatch: (args) => [allMatches(args)],
  gsub: replaced,
  len: (args) => [args.text(0).length],
  lower: (args) => [args.machine.text(args.text(0).replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()))],
  match: (args) => found(args, (match, matcher) => matcher.values(match)),
  rep: (args) => {
    const [text, count] = [args.text(0), Math.max(0, args.whole(1))];
    // Accounted for before it is made.
    args.machine.budget.allocate(text.length * count);
    return [text.repeat(text === '' ? 0 : count)];
  },
  reverse: (args) => {
    args.machine.budget.step(args.text(0).length);
    return [args.machine.text([...args.text(0)].reverse().join(''))];
  },
  sub: (args) => {
    const { text, start, end } = slice(args, args.whole(1), args.whole(2, -1));
    return [args.machine.text(text.slice(start, end))];
  },
  upper: (args) => [args.machine.text(args.text(0).replaceAll(/[a-z]+/g, (part) => part.toUpperCase()))],
};

/** A part of the first argument by places, which count from the end where they are negative. */
function slice(args: Arguments, from: number, to: number) {
  const text = args.text(0);
  const start = Math.max(0, from < 0 ? text.length + from : from - 1);
  const end = Math.min(text.length, to < 0 ? text.length + to + 1 : to);
  return { text, start, end: Math.max(start, end) };
}

type Result = (match: Match, matcher: PatternMatcher) => readonly LuaValue[];

function found(args: Arguments, result: Result): readonly LuaValue[] {
  const [text, pattern, place] = [args.text(0), args.text(1), args.whole(2, 1)];
  const from = Math.min(text.length, Math.max(0, place < 0 ? text.length + place : place - 1));
  const matcher = new PatternMatcher(args.machine, text, pattern);
  if ((args.all[3] !== undefined && args.all[3] !== false) || !SPECIALS.test(pattern)) {
    args.machine.budget.step(Math.ceil(text.length / 8));
    const start = text.indexOf(pattern, from);
    return start < 0 ? [undefined] : result({ start, end: start + pattern.length, captures: [] }, matcher);
  }
  const match = matcher.find(from);
  return match ? result(match, matcher) : [undefined];
}

function allMatches(args: Arguments): LuaFunction {
  const text = args.text(0);
  const matcher = new PatternMatcher(args.machine, text, args.text(1));
  let position = 0;
  return new LuaFunction(() => {
    const match = position <= text.length ? matcher.find(position) : undefined;
    if (match === undefined) return [undefined];
    position = match.end > match.start ? match.end : match.end + 1;
    return matcher.values(match);
  });
}

function replaced(args: Arguments): readonly LuaValue[] {
  const [text, pattern, most] = [args.text(0), args.text(1), args.whole(3, Number.MAX_SAFE_INTEGER)];
  const matcher = new PatternMatcher(args.machine, text, pattern);
  const parts: string[] = [];
  let [position, count] = [0, 0];
  while (count < most && position <= text.length) {
    const match = matcher.matchAt(position);
    if (match) {
      count += 1;
      parts.push(args.machine.text(replacementOf(args, match, { matcher, text })));
    }
    if (match && match.end > position) position = match.end;
    else if (position < text.length) parts.push(text.charAt(position++));
    else break;
    if (pattern.startsWith('^')) break;
  }
  return [args.machine.text(parts.join('') + text.slice(position)), count];
}

function replacementOf(
  args: Arguments,
  match: Match,
  { matcher, text }: { readonly matcher: PatternMatcher; readonly text: string },
): string {
  const { machine, all } = args;
  const by = all[2];
  const whole = text.slice(match.start, match.end);
  const captures = matcher.values(match);
  const replacement = textOf(by);
  if (replacement !== undefined)
    return replacement.replaceAll(/%([\s\S])/g, (_, name: string) => {
      if (name === '0') return whole;
      if (!/\d/.test(name)) return name;
      return textOf(captures[Number(name) - 1]) ?? machine.fail('invalid capture index');
    });
  const value = valueFor(args, captures);
  if (value === undefined || value === false) return whole;
  return textOf(value) ?? machine.fail(`invalid replacement value (a ${typeOf(value)})`);
}

function valueFor({ machine, all: [, , by] }: Arguments, captures: readonly LuaValue[]): LuaValue {
  if (by instanceof LuaTable) return machine.index(by, captures[0]);
  if (by instanceof LuaFunction) return machine.call(by, captures)[0];
  return machine.fail(`bad argument #3 to 'gsub' (string/function/table expected, got ${typeOf(by)})`);
}
