// docs/deploy.md names only what there is: scripts, verbs, settings, outputs, log lines, pages, and configuration that is valid.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createProgram } from '../../cli/program.ts';
import { contextSchema } from '../../infra/context.ts';
import { configOf } from '../lib/config/configs.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const all = (pattern: RegExp): readonly string[] => [
  ...new Set([...page.matchAll(pattern)].map(([, found = '']) => found)),
];

test('every npm script that it names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const named = all(/npm run (?:--silent )?([a-z:]+)/g);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('every verb that it names exists', () => {
  const verbs = createProgram(() => undefined).commands.map((verb) => verb.name());
  const named = all(/(?:driftless -- |`driftless )([a-z]+)/g);
  expect(named).toEqual(expect.arrayContaining(['connect', 'validate', 'status', 'sync', 'rollback', 'resume']));
  expect(named.filter((name) => !verbs.includes(name))).toEqual([]);
});

/** `clusters[].roleArn`, for every setting that has none below it. */
function settingsOf(schema: { readonly [field: string]: unknown }, path = ''): readonly string[] {
  const { properties, items } = Object(schema);
  if (properties !== undefined && path !== 'worker')
    return Object.entries(properties).flatMap(([name, inner]) =>
      settingsOf(Object(inner), path === '' ? name : `${path}.${name}`),
    );
  return items?.properties === undefined ? [path] : settingsOf(items, `${path}[]`);
}

test('every setting of the context is in the table, and no other', () => {
  const rows = [...page.matchAll(/^\| (`[a-z][^|]*`) \| [^|]+ \| [^|]+ \|$/gm)].map(([, cell = '']) => cell);
  const documented = rows.flatMap((cell) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const parent = names[0]?.split('.').slice(0, -1).join('.') ?? '';
    return names.map((name) => (name.startsWith('.') ? `${parent}${name}` : name));
  });
  const schema = Object(z.toJSONSchema(contextSchema, { io: 'input' }));
  expect(documented.toSorted()).toEqual(settingsOf(schema).toSorted());
});

test('the configuration that it shows is valid', () => {
  const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  expect(examples).toHaveLength(3);
  for (const text of examples) expect(configOf(new Map([['a.yaml', text]])).clusters).toHaveLength(1);
});

test('every log line that it shows is one', () => {
  const sources = globSync('lib/**/*.ts', { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const lines = [...all(/"message":"([^"]+)"/g), ...all(/\(`(configuration [^`]+)`\)/g)];
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter((line) => !sources.includes(`'${line}'`))).toEqual([]);
});

test('every page and heading that it points to exists', () => {
  const links = all(/\]\(([^)]+)\)/g);
  const broken = links.filter((link) => {
    const [file = '', heading] = link.split('#');
    const path = join(ROOT, 'docs', file === '' ? 'deploy.md' : file);
    if (!existsSync(path)) return true;
    if (heading === undefined) return false;
    const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    return !headings.includes(heading);
  });
  expect(broken).toEqual([]);
});
