import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '../../lib/errors.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1);

test('docs/errors.md has a section for every error code, and for no other, in their order', () => {
  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(ERROR_CODES);
});

test.each(ERROR_CODES)('%s is explained in a paragraph', (code) => {
  const section = sections.find((candidate) => candidate.startsWith(`${code}\n`));
  expect(section?.split(/^## /m)[0]?.slice(code.length).trim()).toMatch(/^[A-Z`][^\n].{80,}\.$/s);
});
