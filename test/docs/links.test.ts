// Links of the pages: every file and heading that they point to exists, and a reader of README.md finds every page.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT });

/** Text without examples: brackets in them are no links. */
function proseOf(page: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^ *```.*?^ *```$/gms, '');
  return text.replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

function linksOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^\w+:/.test(link));
}

function pathOf(page: string, link: string): string {
  const [file = ''] = link.split('#');
  return file === '' ? page : normalize(join(dirname(page), file));
}

/** A heading as the forges make an anchor of it. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = '']) => heading,
  );
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: string, link: string): boolean {
  const path = pathOf(page, link);
  const [, heading] = link.split('#');
  if (!existsSync(join(ROOT, path))) return true;
  return heading !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(heading);
}

test('there are pages', () => {
  expect(PAGES.length).toBeGreaterThan(20);
});

test.each(PAGES)('every link of %s leads to a file, and to a heading of it', (page) => {
  expect(linksOf(page).filter((link) => isBroken(page, link))).toEqual([]);
});

test('every page but the decisions can be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const link of linksOf(page)) if (link.includes('.md')) reached.add(pathOf(page, link));
  }
  expect(PAGES.filter((page) => !page.startsWith('docs/decisions/') && !reached.has(page))).toEqual([]);
});
