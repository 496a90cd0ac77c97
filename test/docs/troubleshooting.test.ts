// The command lines that pages for people in trouble, and people who compare, name: each can be typed.
import { readFileSync } from 'node:fs';
import { createProgram } from '../../cli/program.ts';

const PAGES = ['docs/troubleshooting.md', 'docs/comparison.md'] as const;
const verbs = new Map(createProgram(() => undefined).commands.map((verb) => [verb.name(), verb]));

/** Each command line of the page with what the program does not know of it. */
function unknownOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const lines = [...text.matchAll(/(?:`|^|\| )driftless ([a-z]+)([^`|#\n]*)/gm)];
  expect(lines.length).toBeGreaterThan(5);
  return lines.flatMap(([line, name = '', rest = '']) => {
    const options = [...rest.matchAll(/(?<= )--?[a-z][a-z-]*/g)].map(([option]) => option);
    const known = verbs.get(name)?.options.flatMap(({ short, long }) => [short, long]) ?? [];
    return verbs.has(name) && options.every((option) => known.includes(option)) ? [] : [line];
  });
}

test.each(PAGES)('every command of %s has a verb and options that exist', (page) => {
  expect(unknownOf(page)).toEqual([]);
});

test('every option that a command of the page is said to take belongs to a verb', () => {
  const known = new Set([...verbs.values()].flatMap(({ options }) => options.map(({ long }) => long)));
  const text = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
  const alone = [...text.matchAll(/`(--[a-z-]+)[^`]*`/g)].map(([, option]) => option);
  expect(alone.length).toBeGreaterThan(5);
  expect(alone.filter((option) => !known.has(option))).toEqual([]);
});
