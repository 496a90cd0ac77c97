// docs/deploy.md names only settings and log lines that exist, and shows valid configuration.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { contextSchema } from '../../infra/context.ts';
import { configOf } from '../lib/config/configs.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const all = (pattern: RegExp): readonly string[] => [
  ...new Set([...page.matchAll(pattern)].map(([, found = '']) => found)),
];

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
