// The JSON Schemas for editors: what the product takes, an editor takes; what people often write wrongly, an editor underlines.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { schemaFiles } from '../../../dev/schemas.ts';
import { DESCRIPTIONS } from '../../../lib/config/descriptions.ts';
import { type JsonSchema, jsonSchemaOf, jsonSchemaOfAny } from '../../../lib/config/json-schema.ts';
import { isKind, KINDS, type Kind } from '../../../lib/config/kinds.ts';
import { fixtureFolder } from './configs.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const kinds = Object.keys(KINDS).filter(isKind);
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: false });
const validators = new Map<Kind, ValidateFunction>(kinds.map((kind) => [kind, ajv.compile(jsonSchemaOf(kind))]));
const any = new Ajv({ strict: false }).compile(jsonSchemaOfAny());

/** Whether an editor has nothing to underline; the schema of a kind and the one of all kinds agree. */
function fits(document: { readonly kind: Kind }): boolean {
  const own = validators.get(document.kind)?.(document) === true;
  expect(any(document)).toBe(own);
  return own;
}

const isTaken = (document: { readonly kind: Kind }): boolean => KINDS[document.kind].safeParse(document).success;

function documentsOf(text: string): readonly { readonly kind: Kind }[] {
  return parseAllDocuments(text)
    .map((document): { readonly apiVersion?: string; readonly kind: Kind } | null => document.toJS())
    .flatMap((value) => (value?.apiVersion === 'driftless.dev/v1' && isKind(value.kind) ? [value] : []));
}

test('the committed files are those that npm run schemas writes', () => {
  const committed = globSync('schemas/*', { cwd: ROOT }).map((path) => [
    path.replace('schemas/', ''),
    readFileSync(`${ROOT}/${path}`, 'utf8'),
  ]);
  expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(schemaFiles()));
});

/** Every path of a schema, as descriptions name it. */
function pathsOf(schema: JsonSchema, path = ''): readonly string[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const items = schema['items'] as JsonSchema | undefined;
  return [
    path,
    ...properties.flatMap(([name, child]) => pathsOf(child, path === '' ? name : `${path}.${name}`)),
    ...(items?.['properties'] === undefined ? [] : pathsOf(items, `${path}[]`)),
  ];
}

test.each(kinds)('every field of %s is described, and nothing else', (kind) => {
  expect(Object.keys(DESCRIPTIONS[kind]).sort()).toEqual([...pathsOf(jsonSchemaOf(kind))].sort());
});

const EXAMPLES = globSync(['README.md', 'docs/*.md'], { cwd: ROOT }).flatMap((page) => {
  const fences = readFileSync(`${ROOT}/${page}`, 'utf8').matchAll(/^( *)```yaml\n(.*?)^\1```$/gms);
  return [...fences].flatMap(([, indent = '', yaml = '']) =>
    documentsOf(yaml.replaceAll(new RegExp(`^${indent}`, 'gm'), '')).map((document) => [page, document] as const),
  );
});

test('lines for editors in the documentation name a schema that there is', () => {
  const pages = globSync(['README.md', 'docs/*.md'], { cwd: ROOT }).map((page) =>
    readFileSync(`${ROOT}/${page}`, 'utf8'),
  );
  const named = pages.flatMap((page) => [...page.matchAll(/yaml-language-server: \$schema=\S*schemas\/(\S+)/g)]);
  expect(named.length).toBeGreaterThan(1);
  expect(named.map(([, file = '']) => schemaFiles().has(file))).not.toContain(false);
});

test('the documentation has examples of every kind', () => {
  expect([...new Set(EXAMPLES.map(([, { kind }]) => kind))].sort()).toEqual([...kinds].sort());
});

test.each(EXAMPLES)('example %# of the documentation, in %s, fits', (_page, document) => {
  expect({ fits: fits(document), isTaken: isTaken(document) }).toEqual({ fits: true, isTaken: true });
});

const COMPLETE = [...fixtureFolder('complete').values()].flatMap(documentsOf);

test.each(COMPLETE)('document %# with all fields fits', (document) => {
  expect(fits(document)).toBe(true);
});

const MISTAKES = [...fixtureFolder('mistakes').values()].flatMap(documentsOf).filter((document) => !isTaken(document));

test.each(MISTAKES)('document %# with mistakes does not fit', (document) => {
  expect(fits(document)).toBe(false);
});

function application(source: object, more: object = {}): { readonly kind: Kind } {
  const spec = {
    source: { repo: 'https://github.com/acme/shop', ...source },
    destination: { namespace: 'shop' },
    ...more,
  };
  return { apiVersion: 'driftless.dev/v1', kind: 'Application', metadata: { name: 'shop' }, spec } as { kind: Kind };
}

function other(kind: Kind, spec: object): { readonly kind: Kind } {
  return { apiVersion: 'driftless.dev/v1', kind, metadata: { name: 'shop' }, spec } as { kind: Kind };
}

test.each([
  ['a field of another tool', application({ targetRevision: 'main' })],
  ['a field in another case', application({}, { sync: { createnamespace: true } })],
  ['no namespace', application({}, { destination: {} })],
  ['a name with a capital', { ...application({}), metadata: { name: 'Shop' } }],
  ['a name that is too long', { ...application({}), metadata: { name: 'a'.repeat(54) } }],
  ['another version', { ...application({}), apiVersion: 'driftless.dev/v2' }],
  ['a mode that there is not', application({}, { sync: { mode: 'always' } })],
  ['a duration as a number', application({}, { sync: { timeout: 600 } })],
  ['a duration with a blank', application({}, { sync: { timeout: '15 minutes' } })],
  ['text for a boolean', application({}, { sync: { prune: 'yes' } })],
  ['a percentage above 100', application({}, { sync: { maxPrunePercent: 101 } })],
  ['a kind that is not protected', application({}, { sync: { pruneProtected: ['Secret'] } })],
  ['two renderers', application({ helm: {}, kustomize: {} })],
  ['an address with credentials', application({ repo: 'https://ada:TOKEN@github.com/acme/shop' })],
  ['an address of SSH', application({ repo: 'git@github.com:acme/shop.git' })],
  ['an address without a path', application({ repo: 'https://github.com/' })],
  ['a ref with two dots', application({ ref: 'a..b' })],
  ['an empty ref', application({ ref: '' })],
  ['a path that leaves the repository', application({ path: 'deploy/../../other' })],
  ['a values file from the network', application({ helm: { valueFiles: ['https://example.com/values.yaml'] } })],
  ['a rule that ignores nothing', application({}, { drift: { ignore: [{ kind: 'Deployment' }] } })],
  ['no alarm', application({}, { rollback: { alarms: [] } })],
  ['a cluster that is not reached', other('Cluster', {})],
  [
    'a cluster that is reached twice',
    other('Cluster', { kubeconfig: { context: 'a' }, eks: { name: 'a', region: 'eu-central-1' } }),
  ],
  ['a region that there is not', other('Cluster', { eks: { name: 'a', region: 'Frankfurt' } })],
  ['a role that is no ARN', other('Cluster', { eks: { name: 'a', region: 'eu-central-1', roleArn: 'driftless' } })],
  ['credentials for nothing', other('Repository', { credentials: { secret: 'git/shop' } })],
  ['a host with a scheme', other('Repository', { host: 'https://github.com', credentials: { secret: 'git/shop' } })],
  ['a secret instead of its name', other('Repository', { host: 'github.com', credentials: { secret: 'glpat: 123' } })],
  ['a drift mode that there is not', other('Project', { drift: { mode: 'fix' } })],
])('%s is underlined by an editor, and refused by the product', (_what, document) => {
  expect({ fits: fits(document), isTaken: isTaken(document) }).toEqual({ fits: false, isTaken: false });
});

/** Text near the edges of what is taken. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ9-_./:@{}~^*?[]\\ \u0007\u0085\u2028é#%2f'), maxLength: 12 }),
  fc.constantFrom(
    'HEAD',
    '@',
    'a.lock',
    'a.lock/b',
    '.git',
    'x/.git/y',
    '..',
    '.',
    '-a',
    'http://h/a',
    'HTTPS://H:1/a b',
    'https://[::1]:8443/a',
  ),
);
const address = fc
  .tuple(fc.constantFrom('https://', 'HTTP://', 'ssh://', ''), text, text)
  .map((parts) => parts.join(''));

test('what the product takes, an editor takes', () => {
  const documents = fc.oneof(
    fc.record({ repo: address }).map((source) => application(source)),
    fc.record({ ref: text, path: text }, { requiredKeys: [] }).map((source) => application(source)),
    text.map((file) => application({ helm: { valueFiles: [file], releaseName: 'shop' } })),
    text.map((name) => application({}, { project: name, rollback: { alarms: [name] } })),
    text.map((path) => application({}, { drift: { ignore: [{ group: path }, { fields: [path], managers: [path] }] } })),
    text.map((host) => other('Repository', { host, credentials: { secret: 'a' } })),
    text.map((glob) => other('Project', { sourceRepos: [glob], destinations: [{ cluster: glob }], description: glob })),
  );
  fc.assert(
    fc.property(documents, (document) => !isTaken(document) || fits(document)),
    { numRuns: 1_000 },
  );
});
