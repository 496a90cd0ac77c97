// Text that users read is plain English: what the program prints, and the pages.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { literalsOf } from '../architecture/source-text.ts';
import { forbiddenWords } from './forbidden.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Sentences of the program: literals with a space, but for those that are code. */
function textsOf(path: string): readonly string[] {
  return literalsOf({ text: read(path) }).flatMap(({ line, literal }) =>
    forbiddenWords(literal.includes(' ') ? literal : '').map((found) => `${path}:${line}: ${found}`),
  );
}

/** The prose of a page: without code, quoted output, and titles of tests. */
function proseOf(page: string): string {
  return page
    .replaceAll(/^ *```.*?^ *```$/gms, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/^ {4}\S.*$/gm, '')
    .replaceAll(/(\]\(\.\.\/test\/[^)]+\)): .*?(?=<br>| \||$)/gm, '$1')
    .replaceAll(/`[^`\n]*`/g, '`…`');
}

function wordsOfPage(path: string): readonly string[] {
  const lines = proseOf(read(path)).split('\n');
  return lines.flatMap((line, place) => forbiddenWords(line).map((found) => `${path}:${place + 1}: ${found}`));
}

test('what the program says to users has no forbidden words', () => {
  const files = globSync('{lib,cli,dev,functions,infra}/**/*.ts', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(textsOf)).toEqual([]);
});

test('the pages have no forbidden words', () => {
  const pages = globSync(['{README,CONTRIBUTING,SECURITY,CHANGELOG,CODE_OF_CONDUCT}.md', 'docs/**/*.md'], {
    cwd: ROOT,
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.flatMap(wordsOfPage)).toEqual([]);
});

test.each([
  [
    'a person without a name',
    'somebody has suspended it',
    ['"somebody"; write name the subject: a user, another field manager, everyone'],
  ],
  ['a definition', 'a.yaml stands in b.yaml already', ['"stands in b.yaml already"; write is already defined in']],
  ['plain English', 'the application is suspended; resume it', []],
])('forbidden words are found in %s', (_what, text, found) => {
  expect(forbiddenWords(text)).toEqual(found);
});

test('strings and templates are text, comments and inserted code are not', () => {
  const inserted = ['$', '{told(x)}'].join('');
  const text = `// by hand\nconst a = 'done by hand';\nconst b = \`${inserted} anew\`;\n`;
  expect(literalsOf({ text })).toEqual([
    { line: 2, literal: 'done by hand' },
    { line: 3, literal: '… anew' },
  ]);
});
