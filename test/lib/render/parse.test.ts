import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DriftlessError } from '../../../lib/errors.ts';
import { parseManifests } from '../../../lib/render/parse.ts';
import { anyText } from '../../builders/arbitrary-text.ts';

const configMap = (metadata: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`;

function faultsOf(text: string | Uint8Array, file = 'app.yaml'): string[] {
  try {
    parseManifests(text, file);
  } catch (error) {
    if (error instanceof DriftlessError && error.code === 'ManifestInvalid') return error.message.split('\n');
    throw error;
  }
  return [];
}

test('every document of a file becomes a manifest with the line of its first key', () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/render/plain/deployment-with-service.yaml'));
  expect(parseManifests(text, 'plain/deployment-with-service.yaml')).toEqual([
    {
      object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' }, spec: { replicas: 2 } },
      file: 'plain/deployment-with-service.yaml',
      line: 3,
    },
    {
      object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' }, spec: { ports: [{ port: 80 }] } },
      file: 'plain/deployment-with-service.yaml',
      line: 11,
    },
  ]);
});

test.each([
  [
    'kind: List',
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n',
    [
      ['v1', 'Pod', 'a', 4],
      ['v1', 'Pod', 'b', 7],
    ],
  ],
  [
    'a typed list without the type of its items',
    'apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n',
    [['apps/v1', 'Deployment', 'a', 4]],
  ],
  ['a List without items', 'apiVersion: v1\nkind: List\nitems: null\n', []],
  [
    'a kind that only sounds like a list',
    'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\n',
    [['example.com/v1', 'AllowList', 'a', 1]],
  ],
])('%s is taken apart', (_what, text, expected) => {
  const manifests = parseManifests(text, 'list.yaml');
  expect(manifests.map(({ object, line }) => [object.apiVersion, object.kind, object.metadata.name, line])).toEqual(
    expected,
  );
});

test('fields of the metadata without a value are as good as absent', () => {
  const [manifest] = parseManifests(
    configMap('{name: a, namespace: null, labels: , annotations: ~, creationTimestamp: null}'),
    'a.yaml',
  );
  expect(manifest?.object.metadata).toEqual({ name: 'a' });
});

test.each([
  [
    'no kind',
    'apiVersion: v1\nmetadata: {name: a}\n',
    'app.yaml:1: kind missing; a Kubernetes object has apiVersion, kind and metadata.name',
  ],
  [
    'no apiVersion',
    '\nkind: Pod\nmetadata: {name: a}\n',
    'app.yaml:2: apiVersion missing; a Kubernetes object has apiVersion, kind and metadata.name',
  ],
  [
    'nothing of an object',
    'replicas: 3\n',
    'app.yaml:1: apiVersion and kind and metadata missing; a Kubernetes object has apiVersion, kind and metadata.name',
  ],
  ['no name', configMap('{namespace: x}'), 'app.yaml:1: metadata.name missing; write one'],
  ['an empty name', configMap('{name: ""}'), 'app.yaml:1: metadata.name missing; write one'],
  [
    'a generated name',
    configMap('{generateName: a-}'),
    'app.yaml:1: metadata.generateName would create a new object at each sync; write metadata.name, or make it a hook',
  ],
  [
    'a generated name that is no text',
    'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: 1}\n',
    'app.yaml:1: metadata.generateName would create a new object at each sync; write metadata.name, or make it a hook',
  ],
  ['a name that is a number', configMap('{name: 007}'), 'app.yaml:1: metadata.name is a number, not text; quote it'],
  ['a name that is a path', configMap('{name: ../../api/v1}'), 'app.yaml:1: metadata.name is not a valid name'],
  [
    'a namespace that is a boolean',
    configMap('{name: a, namespace: on}'),
    'app.yaml:1: metadata.namespace is a boolean, not text; quote it',
  ],
  [
    'an annotation that is a boolean',
    configMap('{name: a, annotations: {inject: true}}'),
    'app.yaml:1: metadata.annotations["inject"] is a boolean, not text; quote it',
  ],
  [
    'a label that is empty',
    configMap('{name: a, labels: {tier: }}'),
    'app.yaml:1: metadata.labels["tier"] is empty, not text; quote it',
  ],
  [
    'labels that are a list',
    configMap('{name: a, labels: [x]}'),
    'app.yaml:1: metadata.labels is a list, not a mapping',
  ],
  ['metadata that is a text', configMap('a'), 'app.yaml:1: metadata is not a mapping'],
  [
    'an apiVersion that is a path',
    'apiVersion: ../v1\nkind: Pod\nmetadata: {name: a}\n',
    'app.yaml:1: apiVersion is neither "version" nor "group/version"',
  ],
  [
    'a kind that is a number',
    'apiVersion: v1\nkind: 5\nmetadata: {name: a}\n',
    'app.yaml:1: kind is not the name of a kind',
  ],
  ['a list at the top', '- a\n', 'app.yaml:1: is not a mapping, so it is not a Kubernetes object'],
  [
    'an item of a List that is a text',
    'apiVersion: v1\nkind: List\nitems:\n- a\n',
    'app.yaml:1: items[0] is not a mapping',
  ],
])('a document with %s is refused', (_what, text, message) => {
  expect(faultsOf(text)).toEqual([message]);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(faultsOf(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toEqual(['app.yaml: is not UTF-8 text; save it as UTF-8']);
});

test('all faults of a file are reported at once, the first twenty in words', () => {
  const faults = faultsOf('kind: Pod\n---\n'.repeat(25));
  expect(faults).toHaveLength(21);
  expect([faults[19], faults[20]]).toEqual([
    expect.stringMatching(/^app\.yaml:39: apiVersion and metadata missing/),
    'and 5 more',
  ]);
});

test('no message holds a value of the file (security case 7)', () => {
  const secret = 'hunter2-hunter2';
  const texts = [
    `apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {x: [${secret}]}}\n`,
    `apiVersion: v1\nkind: Secret\nstringData: {password: "${secret}}\n`,
    `apiVersion: ${secret}/x/y\nkind: "${secret}"\nmetadata: {name: a}\n`,
    `apiVersion: v1\nkind: Secret\nmetadata: {name: "${secret}/"}\n`,
    `a: !!int ${secret}\nb: ${secret}: ${secret}\n`,
    `a: ${secret}\n\t${secret}\n`,
  ];
  for (const text of texts) {
    const faults = faultsOf(text);
    expect(faults).not.toEqual([]);
    expect(faults.join('\n')).not.toContain(secret);
  }
});

test('whatever a file holds, it is read or refused as an invalid manifest', () => {
  const line = fc.constantFrom(
    'apiVersion: v1',
    'kind: List',
    'kind: Pod',
    'metadata:',
    '  name: a',
    '  labels: {a: 1}',
    'items:',
    '- kind: Pod',
    '---',
    '  - x',
    '\t',
    'a: &a',
    'b: *a',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(line).map((lines) => lines.join('\n')),
        anyText,
        fc.uint8Array(),
      ),
      (text) => {
        expect(faultsOf(text)).toEqual(expect.any(Array));
      },
    ),
    { numRuns: 1000 },
  );
});
