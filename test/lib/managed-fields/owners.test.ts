import { intersects, isEmpty, presentIn, stepsOf } from '../../../lib/managed-fields/field-set.ts';
import { ownedBesides, ownsField } from '../../../lib/managed-fields/owners.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', finalizers: ['a/b'], labels: { 'app.kubernetes.io/name': 'web' } },
  spec: {
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
    args: ['x'],
  },
};

const fieldsV1 = {
  'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {} }, 'f:finalizers': { 'v:"a/b"': {} } },
  'f:spec': { 'f:args': {}, 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } },
};

test.each([
  ['metadata.labels["app.kubernetes.io/name"]', true],
  ['metadata.labels', true],
  ['metadata.labels.other', false],
  ['metadata.finalizers', true],
  ['spec.ports[http].name', true],
  ['spec.ports[80].port', true],
  ['spec.ports[http].targetPort', false],
  ['spec.ports[dns].name', false],
  ['spec.ports', true],
  ['spec.args', true],
  ['spec.args[0]', true],
  ['spec.replicas', false],
  ['spec..odd', false],
])('whether an entry owns %s: %s', (path, owns) => {
  expect(ownsField({ fieldsV1 }, path, [service])).toBe(owns);
});

test('what was written as text of a Secret is its data', () => {
  const secret: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'eA==' } };
  const written = { 'f:stringData': { 'f:a': {} } };
  expect(ownsField({ fieldsV1: written }, 'data.a', [secret])).toBe(true);
  expect(ownsField({ fieldsV1: written }, 'data.b', [secret])).toBe(false);
  expect(ownsField({ fieldsV1: written }, 'data.a', [{ ...secret, kind: 'ConfigMap' }])).toBe(false);
});

test('what one owns besides another, as far as it is still there, and who shares it', () => {
  const other = { fieldsV1: { 'f:metadata': fieldsV1['f:metadata'] } };
  const lost = ownedBesides({ fieldsV1 }, other);
  expect(Object.keys(lost)).toEqual(['f:spec']);
  expect(isEmpty(ownedBesides({ fieldsV1 }, { fieldsV1 }))).toBe(true);
  expect(isEmpty(presentIn(lost, { ...service, spec: {} }))).toBe(true);
  expect(presentIn(lost, { ...service, spec: { args: ['x'] } })).toEqual({ 'f:spec': { 'f:args': {} } });
  expect(intersects(lost, { 'f:spec': { 'f:args': {} } })).toBe(true);
  expect(intersects(lost, { 'f:spec': { 'f:other': {} } })).toBe(false);
});

test('the steps to the fields of an entry name items as diffs do; keys and bare existence are omitted', () => {
  expect(stepsOf(fieldsV1)).toEqual([
    ['metadata', 'labels', 'app.kubernetes.io/name'],
    ['spec', 'args'],
    ['spec', 'ports', '80', 'name'],
  ]);
});
