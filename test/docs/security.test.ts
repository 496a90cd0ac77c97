// docs/security.md and the titles of tests: every test that is named exists and carries the case's number, and every number in a title is in
// the table, beside that very test.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A case that a test shows, in one line; without a number where the case has none. */
type Shown = { readonly id: string | undefined; readonly file: string; readonly title: string };

const format = ({ id, file, title }: Shown): string => `${id ?? 'no number'} | ${file} | ${title}`;

function documented(): readonly Shown[] {
  const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('](../test/'));
  return rows.flatMap((row) => {
    const cells = row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
    const id = idOf(cells[0] ?? '');
    const links = [...(cells.at(-1) ?? '').matchAll(/\]\(\.\.\/([^)]+)\): (.*?)(?=<br>|$)/g)];
    return links.map(([, file = '', title = '']) => ({ id, file, title }));
  });
}

function idOf(label: string): string | undefined {
  const number = /^Argo CD (\d+)$/.exec(label)?.[1];
  if (number !== undefined) return `security case ${number}`;
  return /^(CVE|GHSA|GO)-[\w-]+$/.test(label) ? label : undefined;
}

function inTitles(): readonly Shown[] {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, 'test', file), 'utf8');
      const titles = text.matchAll(/['"]([^'\n]+) \(((?:security case |CVE-|GHSA-|GO-)[^)'"]+)\)['"],/g);
      return [...titles].flatMap(([, title = '', ids = '']) =>
        ids.split(', ').map((id) => ({ id, file: `test/${file}`, title })),
      );
    });
}

test('the page and the titles of tests name the same cases, each beside the same tests', () => {
  const numbered = documented().filter(({ id }) => id !== undefined);
  expect(numbered.length).toBeGreaterThan(50);
  expect(numbered.map(format).toSorted()).toEqual(inTitles().map(format).toSorted());
});

test('every test that a case without a number names exists', () => {
  const others = documented().filter(({ id }) => id === undefined);
  const missing = others.filter(({ file, title }) => !readFileSync(join(ROOT, file), 'utf8').includes(`'${title}`));
  expect(missing.map(format)).toEqual([]);
});
