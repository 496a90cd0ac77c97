import { ownFields } from '../../../lib/managed-fields/owners.ts';
import { fieldsDroppedByTakeover, isTakenOver, managedFieldsTakenOver } from '../../../lib/managed-fields/takeover.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../../lib/model/kube-object.ts';
import { managedFieldsEntry as entry } from '../../builders/managed-fields-entry.ts';
import { objectOf } from '../plan/objects.ts';

test.each([
  ['kubectl', true],
  ['kubectl-client-side-apply', true],
  ['kubectl-edit', true],
  ['kubectl-patch', true],
  ['before-first-apply', true],
  ['argocd-controller', true],
  ['argocd-application-controller', true],
  ['kustomize-controller', true],
  ['helm-controller', true],
  ['flux-client-side-apply', true],
  ['helm', true],
  ['Helm', true],
  ['kubectlx', false],
  ['my-kubectl-tool', false],
  ['kube-controller-manager', false],
  ['vpa-updater', false],
  ['driftless', false],
  ['', false],
])('a conflict with the manager "%s" is won without force: %s', (manager, won) => {
  expect(isTakenOver(manager)).toBe(won);
});

const a = { 'f:data': { 'f:a': {} } };
const b = { 'f:data': { 'f:b': {} } };
const live = (...managedFields: readonly ManagedFieldsEntry[]): KubeObject =>
  objectOf('ConfigMap/settings', { managedFields }, { data: { a: '1', b: '2' } });

test('what a former tool owns becomes ours, together with what was ours; what others own stays theirs', () => {
  const hpa = entry('hpa', { 'f:spec': {} });
  expect(
    managedFieldsTakenOver(live(entry('kubectl', a, { operation: 'Update' }), hpa, entry('driftless', b))),
  ).toEqual([hpa, entry('driftless', { 'f:data': { 'f:a': {}, 'f:b': {} } })]);
});

test.each([
  ['nobody', []],
  ['us alone', [entry('driftless', a)]],
  ['a controller', [entry('hpa', a)]],
  ['a person with kubectl edit', [entry('kubectl-edit', a)]],
  ['a tool, of a subresource', [entry('kubectl', a, { subresource: 'status' })]],
  ['a tool, in another version', [entry('kubectl', a, { apiVersion: 'v1beta1' })]],
])('there is nothing to take over from %s', (_who, managedFields) => {
  expect(managedFieldsTakenOver(live(...managedFields))).toBeUndefined();
});

test.each([
  [
    'a field that only the tool owns, and Git does not have, goes',
    [entry('kubectl', b)],
    {},
    [{ path: 'data.b', from: '2' }],
  ],
  ['a field that Git has stays', [entry('kubectl', a)], {}, []],
  ['a field that another manager owns too stays', [entry('kubectl', b), entry('hpa', b)], {}, []],
  ['a field that is no longer there does not go', [entry('kubectl', { 'f:data': { 'f:c': {} } })], {}, []],
  [
    'a field falls back to the default of the server',
    [entry('kubectl', b)],
    { b: '9' },
    [{ path: 'data.b', from: '2', to: '9' }],
  ],
  ['a field that is the default stays', [entry('kubectl', b)], { b: '2' }, []],
])('of what is taken over, %s', (_what, managedFields, defaults, dropped) => {
  const manifest = objectOf('ConfigMap/settings', {}, { data: { a: '1' } });
  const asNew = objectOf('ConfigMap/settings', {}, { data: { a: '1', ...defaults } });
  expect(fieldsDroppedByTakeover(live(...managedFields), manifest, asNew)).toEqual(dropped);
});

test('items of lists are told apart by their keys', () => {
  const pod = (...containers: readonly object[]): KubeObject => objectOf('Pod/p', {}, { spec: { containers } });
  const owned = {
    'f:spec': { 'f:containers': { 'k:{"name":"old"}': { '.': {}, 'f:name': {} }, 'k:{"name":"new"}': { '.': {} } } },
  };
  const before = {
    ...pod({ name: 'old' }, { name: 'new' }),
    metadata: { name: 'p', managedFields: [entry('helm', owned)] },
  };
  expect(fieldsDroppedByTakeover(before, pod({ name: 'new' }), pod({ name: 'new' }))).toEqual([
    { path: 'spec.containers[old]', from: { name: 'old' } },
  ]);
});

test('the fields that we own are those that we applied', () => {
  const own = (...managedFields: readonly ManagedFieldsEntry[]): string => ownFields(live(...managedFields));
  expect(own(entry('kubectl', b), entry('driftless', a))).toBe(JSON.stringify(a));
  expect(own(entry('driftless', a, { operation: 'Update' }), entry('driftless', a, { subresource: 'scale' }))).toBe(
    '{}',
  );
});
