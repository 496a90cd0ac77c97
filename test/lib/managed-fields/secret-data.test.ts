import { staleKeys, withDataOwned } from '../../../lib/managed-fields/secret-data.ts';
import { managedFieldsTakenOver } from '../../../lib/managed-fields/takeover.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../../lib/model/kube-object.ts';

const own = (fieldsV1: ManagedFieldsEntry['fieldsV1'] = {}): ManagedFieldsEntry => ({
  manager: 'driftless',
  operation: 'Apply',
  apiVersion: 'v1',
  fieldsV1,
});
const other = (manager: string, fieldsV1: ManagedFieldsEntry['fieldsV1'] = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  fieldsV1,
});
const secret = (data: Readonly<Record<string, string>>, ...managedFields: ManagedFieldsEntry[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', managedFields },
  data,
});
const LIVE = { user: 'YQ==', legacy: 'Yg==' };

test.each<[string, KubeObject, readonly string[]]>([
  ['a key that Git drops now', secret(LIVE, own({ 'f:stringData': { 'f:user': {}, 'f:legacy': {} } })), ['legacy']],
  ['a key that Git dropped before', secret(LIVE, own({ 'f:stringData': { 'f:user': {} } })), ['legacy']],
  [
    'a key of another manager',
    secret(LIVE, own({ 'f:stringData': { 'f:user': {} } }), other('vault', { 'f:data': { 'f:legacy': {} } })),
    [],
  ],
  ['a key that was applied as data', secret(LIVE, own({ 'f:data': { 'f:user': {} } })), []],
  ['a Secret that we do not own', secret(LIVE, other('vault', { 'f:data': {} })), []],
])('P1: the keys that an earlier version’s stringData keeps live: %s', (_what, live, keys) => {
  expect(staleKeys(live, secret({ user: 'YQ==' }))).toEqual(keys);
});

test('P1: our stringData counts as the data that the server made of it', () => {
  const live = secret({ user: 'YQ==' }, own({ 'f:stringData': { 'f:user': {} }, 'f:type': {} }));
  expect(withDataOwned(live).metadata.managedFields).toEqual([own({ 'f:data': { 'f:user': {} }, 'f:type': {} })]);
  const known = secret({ user: 'YQ==' }, own({ 'f:data': { 'f:user': {} } }));
  expect(withDataOwned(known)).toBe(known);
  expect(managedFieldsTakenOver(known)).toBeUndefined();
  expect(managedFieldsTakenOver(live)).toEqual([own({ 'f:data': { 'f:user': {} }, 'f:type': {} })]);
});

test('P1: the stringData of a former deployer becomes our data', () => {
  const live = secret(LIVE, {
    ...other('kubectl', { 'f:stringData': { 'f:user': {}, 'f:legacy': {} } }),
    operation: 'Apply',
  });
  expect(managedFieldsTakenOver(live)).toMatchObject([
    { manager: 'driftless', fieldsV1: { 'f:data': { 'f:user': {}, 'f:legacy': {} } } },
  ]);
});
