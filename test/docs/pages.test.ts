// Every page names only files of this repository, npm scripts and verbs that exist.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../../cli/program.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const found = (page: string, pattern: RegExp): readonly string[] => [
  ...new Set([...read(page).matchAll(pattern)].map(([, text = '']) => text)),
];

test('the pages are read', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md']));
});

describe.each(PAGES)('%s', (page) => {
  test('names files of the repository that exist', () => {
    const paths = found(page, /`((?:lib|cli|dev|functions|infra|test|bench|docs)\/[\w./-]*)`/g);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = found(page, /npm run (?:--silent )?([a-z][a-z:]*)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names verbs that exist', () => {
    const verbs = createProgram(() => undefined).commands.map((verb) => verb.name());
    const named = found(page, /(?:driftless -- |`driftless |\$ driftless )([a-z]+)/g);
    expect(named.filter((name) => !verbs.includes(name))).toEqual([]);
  });
});
