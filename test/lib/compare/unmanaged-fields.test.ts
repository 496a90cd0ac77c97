import { unmanagedFields } from '../../../lib/compare/unmanaged-fields.ts';
import { withoutFields } from '../../../lib/ignore/remove-fields.ts';
import type { IgnoreRule } from '../../../lib/model/application.ts';
import { idOf, type KubeObject, type ManagedFieldsEntry } from '../../../lib/model/kube-object.ts';
import { managedFieldsEntry } from '../../builders/managed-fields-entry.ts';

const containers = [
  { name: 'api', image: 'v1' },
  { name: 'side', image: 'v1' },
];
const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'store', labels: { 'driftless.dev/app': 'shop' } },
  spec: { replicas: 1, template: { spec: { containers } } },
};

const entry = (manager: string, fieldsV1: object, subresource?: string): ManagedFieldsEntry =>
  managedFieldsEntry(manager, fieldsV1, {
    operation: 'Update',
    apiVersion: 'apps/v1',
    ...(subresource !== undefined && { subresource }),
  });

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const containerOf = (name: string, fields: object) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { [`k:{"name":"${name}"}`]: { '.': {}, ...fields } } } } },
});
const side = entry('other', containerOf('side', { 'f:name': {}, 'f:image': {} }));

/** What is sent of the object while these others own fields of it. */
function sent(others: readonly ManagedFieldsEntry[], rules: readonly IgnoreRule[] = [], object = web): KubeObject {
  const live = { ...object, metadata: { ...object.metadata, managedFields: others } };
  return withoutFields(object, unmanagedFields({ id: idOf(object), object }, live, { rules, scaled: new Set() }));
}

test('the replicas of an autoscaler of another application are not sent', () => {
  const { spec } = sent([entry('kube-controller-manager', REPLICAS, 'scale')]);
  expect(spec).toEqual({ template: { spec: { containers } } });
});

test.each<[string, readonly ManagedFieldsEntry[], readonly IgnoreRule[]]>([
  ['what nobody ignores', [entry('other', REPLICAS)], []],
  ['what is ignored and nobody else’s', [], [{ fields: ['spec.replicas'] }]],
  ['what another manager owns than the rule names', [entry('other', REPLICAS)], [{ managers: ['istio*'] }]],
  ['what a former tool owns', [entry('kubectl', REPLICAS)], [{ fields: ['spec.replicas'] }]],
  ['what is ignored in another object', [entry('other', REPLICAS)], [{ name: 'api', fields: ['spec.replicas'] }]],
])('%s is sent', (_what, others, rules) => {
  expect(sent(others, rules)).toEqual(web);
});

test.each<[string, IgnoreRule]>([
  ['an item by its key', { fields: ['spec.template.spec.containers[side]'] }],
  ['an item by its place', { fields: ['/spec/template/spec/containers/1/image'] }],
  ['any item', { fields: ['spec.template.spec.containers[*].image'] }],
  ['all that a manager owns', { managers: ['oth*'] }],
  ['everything', { fields: ['*'] }],
])('of an item that is left by a rule for %s, the key is sent all the same', (_what, rule) => {
  const { spec } = sent([side], [rule]);
  expect(spec).toEqual({ replicas: 1, template: { spec: { containers: [containers[0], { name: 'side' }] } } });
});

test('a field that the server lets a controller set with the status is not sent', () => {
  const annotations = { 'deployment.kubernetes.io/revision': '1', own: 'x' };
  const exported = { ...web, metadata: { ...web.metadata, annotations } };
  const theirs = { 'f:metadata': { 'f:annotations': { '.': {}, 'f:deployment.kubernetes.io/revision': {} } } };
  const { metadata } = sent([entry('kube-controller-manager', theirs, 'status')], [], exported);
  expect(metadata.annotations).toEqual({ own: 'x' });
});

test('our label is sent in any case', () => {
  const theirs = { 'f:metadata': { 'f:labels': { '.': {}, 'f:driftless.dev/app': {} } } };
  expect(sent([entry('other', theirs)], [{ managers: ['*'] }])).toEqual(web);
});
