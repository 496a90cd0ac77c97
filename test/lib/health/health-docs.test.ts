import { readFile } from 'node:fs/promises';
import { RULE_KINDS } from '../../../lib/health/health.ts';

test('docs/health.md has a line for every kind with a rule, and for no other', async () => {
  const page = await readFile(new URL('../../../docs/health.md', import.meta.url), 'utf8');
  const cells = page.split('\n').flatMap((line) => /^\| (`[^|]*`) \|/.exec(line)?.[1] ?? []);
  const documented = cells.flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', '')));
  expect(documented.toSorted()).toEqual(RULE_KINDS.map((key) => key.replace(/^\//, '')).toSorted());
});
