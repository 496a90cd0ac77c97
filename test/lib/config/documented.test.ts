import { readFileSync } from 'node:fs';
import { type FieldSchema, fieldsOf, KINDS, type Kind } from '../../../lib/config/kinds.ts';
import { configOf } from './configs.ts';

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');

type Row = { readonly field: string; readonly type: string; readonly byDefault: string };

/** The rows that the definition of a kind asks for: all fields but constants, and mappings that are always there. */
function rowsOf(schema: FieldSchema, path = '', required = true): readonly Row[] {
  if (schema.const !== undefined) return [];
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    rowsOf(child, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) ?? false),
  );
  const entries = schema.items?.properties ? rowsOf(schema.items, `${path}[]`) : [];
  const isPlainMapping = schema.properties !== undefined && (required || schema.default !== undefined);
  const own = { field: path, type: typeOf(schema), byDefault: defaultOf(schema, required) };
  return [...(isPlainMapping ? [] : [own]), ...children, ...entries];
}

function typeOf({ type, title, enum: values, items }: FieldSchema): string {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (items !== undefined) return `list of ${typeOf(items)}`;
  return title ?? { string: 'text', object: 'mapping', integer: 'whole number' }[type ?? ''] ?? `${type}`;
}

function defaultOf(schema: FieldSchema, required: boolean): string {
  if (schema.default !== undefined)
    return `\`${JSON.stringify(schema.default)
      .replaceAll('"', "'")
      .replace(/^'(.+)'$/, '$1')}\``;
  return required ? 'required' : 'none';
}

function section(kind: Kind): string {
  return new RegExp(`^## ${kind}\\n(.*?)(?=^## |(?![^]))`, 'ms').exec(page)?.[1] ?? '';
}

const kinds = ['Application', 'Project', 'Cluster', 'Repository'] as const;

test('every kind has its section', () => {
  expect([...page.matchAll(/^## ([A-Z]\w+)$/gm)].map(([, name]) => name)).toEqual(Object.keys(KINDS));
});

test.each(kinds)('the fields of %s are documented as they are defined, and no others', (kind) => {
  const rows = [...section(kind).matchAll(/^\| `([^`]+)` \| (.+?) \| (.+?) \| (.+) \|$/gm)];
  const documented = rows.map(([, field, type, byDefault]) => ({ field, type, byDefault }));
  expect(documented).toEqual(rowsOf(fieldsOf(kind)));
});

test('every example in the documentation is a valid configuration', () => {
  const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text], index) => [`${index}.yaml`, text ?? ''] as const,
  );
  expect(examples.length).toBeGreaterThanOrEqual(kinds.length);
  const config = configOf(new Map(examples));
  expect(Object.values(config).every((declared) => declared.length > 0)).toBe(true);
});
