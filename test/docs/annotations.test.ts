import { readFileSync } from 'node:fs';
import { ANNOTATIONS, type Annotation } from '../../lib/dialects/annotations.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';

const page = readFileSync(new URL('../../docs/annotations.md', import.meta.url), 'utf8');

function valuesOf({ values, form }: Annotation<string>): string {
  if (form === 'whole number') return 'a whole number';
  const listed = Object.keys(values)
    .map((value) => `\`${value}\``)
    .join(', ');
  return form === undefined ? listed : `${listed} (${form})`;
}

test('every annotation that is honoured is documented with its tool and values, and no other', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| ([A-Z][A-Za-z ]+) \| ([^|]+) \| [^|]+ \|$/gm)];
  const honoured: readonly Annotation<string>[] = Object.values(ANNOTATIONS).flat();
  expect(rows.map(([, name, tool, values]) => ({ name, tool, values }))).toEqual(
    honoured.map((annotation) => ({ name: annotation.name, tool: annotation.tool, values: valuesOf(annotation) })),
  );
});

test('what is not honoured is in no table of the code', () => {
  const section = page.split('## Not honoured')[1] ?? '';
  const rows = [...section.matchAll(/^\| (`[^|]+`) \| [A-Z][A-Za-z ]+ \| [^|]+ \|$/gm)];
  const names = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  const honoured = Object.values(ANNOTATIONS)
    .flat()
    .flatMap(({ name, values }: Annotation<string>) => [name, ...Object.keys(values)]);
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => honoured.includes(name))).toEqual([]);
});

test('the label that Driftless writes is documented', () => {
  expect(page).toContain(`| label \`${APP_LABEL}\` |`);
});
