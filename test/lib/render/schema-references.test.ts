// A schema of a chart's values that leads out of its file: Helm would fetch the address, also of this machine, or read the file.
import { gzipSync } from 'node:zlib';
import { DriftlessError } from '../../../lib/errors.ts';
import { assertOwnSchemas } from '../../../lib/render/schema-references.ts';
import { treeOf } from './fixture.ts';

const RUNTIME = 'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next';
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

const check = (schema: unknown, path = 'app/values.schema.json') =>
  assertOwnSchemas('app', treeOf({ 'app/Chart.yaml': 'name: a\n', [path]: JSON.stringify(schema) }));

test.each<[string, unknown]>([
  ['an address of this machine', { $ref: RUNTIME }],
  ['an address with a fragment', { $ref: `${RUNTIME}#/a` }],
  ['a dialect of its own', { $schema: RUNTIME }],
  ['a dynamic reference', { $dynamicRef: RUNTIME }],
  ['a recursive reference', { $recursiveRef: RUNTIME }],
  ['a name below an address that the schema gives itself', { $id: 'http://127.0.0.1:9001/', $ref: 'next' }],
  ['a file of the machine', { $ref: 'file:///proc/self/environ' }],
  ['a path of the machine', { $ref: '/etc/passwd' }],
  ['a file beside it, which Helm does not find', { $ref: 'other.json' }],
  ['nothing at all, relative to an address', { $id: RUNTIME, properties: { a: { $id: 'x/', $ref: '' } } }],
  ['a property of a property', { properties: { a: { items: [{ allOf: [{ $ref: RUNTIME }] }] } } }],
  ['an example that another reference names', { $ref: '#/default', default: { $ref: RUNTIME } }],
  ['an address that an ignored place gives', { enum: [{ $id: RUNTIME }], $ref: RUNTIME }],
  ['its own address beside a reference, where that is ignored', { $schema: DRAFT_7, $id: RUNTIME, $ref: RUNTIME }],
  [
    'its own address in a dialect that has another word for it',
    { $schema: 'http://json-schema.org/draft-04/schema#', $id: RUNTIME, properties: { a: { $ref: RUNTIME } } },
  ],
  ['an address that begins as a dialect does', { $schema: 'http://json-schema.org@127.0.0.1:9001/' }],
])('R1: a schema that names %s is refused', (_what, schema) => {
  expect(() => check(schema)).toThrow(
    expect.objectContaining({
      code: 'SourceRefused',
      message: expect.stringMatching(
        /^app\/values\.schema\.json: \$\w+ ".*" leads out of the file; copy what it names into \$defs/,
      ),
    }),
  );
});

test.each<[string, unknown]>([
  ['nothing', { type: 'object' }],
  ['its own definitions', { $schema: DRAFT_7, definitions: { a: {} }, properties: { b: { $ref: '#/definitions/a' } } }],
  ['the newest dialect', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  [
    'itself by its own address',
    { $id: 'https://acme.example/a', properties: { b: { $ref: 'https://acme.example/a#/x' } } },
  ],
  ['a value that is called so', { properties: { $ref: { type: 'string' } } }],
])('a schema that names %s is rendered', (_what, schema) => {
  expect(() => check(schema)).not.toThrow();
});

test('the schemas of dependencies are read, and those that are packed, also within each other', () => {
  expect(() => check({ $ref: RUNTIME }, 'app/charts/b/values.schema.json')).toThrow(DriftlessError);
  const inner = packed('b/values.schema.json', Buffer.from(JSON.stringify({ $ref: RUNTIME })));
  const outer = packed('c/charts/b-1.tgz', inner);
  for (const bytes of [inner, outer])
    expect(() => assertOwnSchemas('app', new Map([['app/charts/x.tgz', bytes]]))).toThrow(
      /values\.schema\.json: \$ref/,
    );
});

test('what lies beside the chart is not read', () => {
  expect(() => check({ $ref: RUNTIME }, 'other/values.schema.json')).not.toThrow();
});

test('a schema that is no JSON is told with its file', () => {
  const files = treeOf({ 'app/values.schema.json': '{"$ref": ' });
  expect(() => assertOwnSchemas('app', files)).toThrow(
    expect.objectContaining({
      code: 'ManifestInvalid',
      message: 'app/values.schema.json: the schema is no JSON; correct it',
    }),
  );
});

/** An archive with one file. */
function packed(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(1024)]));
}
