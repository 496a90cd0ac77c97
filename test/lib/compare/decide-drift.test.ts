import { decideDrift, missingObject, type ObjectDrift } from '../../../lib/compare/decide-drift.ts';
import type { IgnoreRule } from '../../../lib/model/application.ts';
import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../../lib/model/kube-object.ts';
import { desiredOf, liveOf, objectOf } from '../plan/objects.ts';

const api = desiredOf(objectOf('apps/v1 Deployment/api', {}, { spec: { replicas: 2 } }));

const entry = (manager: string, fields: object, time = '2026-01-01T00:00:00Z'): ManagedFieldsEntry => ({
  manager,
  operation: 'Apply',
  apiVersion: 'apps/v1',
  time,
  fieldsV1: { ...fields },
});
const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const ours = [entry('driftless', REPLICAS)];
const theirs = [entry('driftless', {}), entry('operator', REPLICAS)];

const deployed = liveOf(api, { managedFields: ours });
const applied: ApplyResult = { status: 'applied', object: deployed };
const scaled = (managedFields: readonly ManagedFieldsEntry[]): KubeObject => ({
  ...liveOf(api, { managedFields }),
  spec: { replicas: 5 },
});

function drift(live: KubeObject, rules: readonly IgnoreRule[] = [], result: ApplyResult = applied): ObjectDrift {
  return decideDrift(
    api,
    { ignoring: { rules, scaled: new Set() }, recreate: false, pruneProtected: [] },
    { live, result },
  );
}

test('an object that is live as it was deployed is in sync', () => {
  expect(drift(deployed)).toEqual({ status: 'inSync' });
});

test('a field of ours with another value has drifted, and its owner is the author', () => {
  expect(drift(scaled(theirs))).toMatchObject({
    status: 'drifted',
    found: { drift: 'modified', fields: [{ path: 'spec.replicas', from: 5, to: 2 }], by: [{ manager: 'operator' }] },
  });
});

test.each<[string, IgnoreRule]>([
  ['the field', { fields: ['spec.replicas'] }],
  ['what its owner owns', { managers: ['oper*'] }],
  ['the field where its owner owns it', { fields: ['spec.replicas'], managers: ['operator'] }],
])('a field does not count where a rule ignores %s', (_what, rule) => {
  expect(drift(scaled(theirs), [rule])).toEqual({ status: 'inSync' });
});

test('a correct value that another manager owns is taken over', () => {
  expect(drift(liveOf(api, { managedFields: theirs }))).toMatchObject({
    found: { drift: 'takenOver', fields: [], by: [{ manager: 'operator' }] },
  });
});

test('an object that carries the label of another application is only reported', () => {
  const live = { ...scaled(theirs), metadata: { ...scaled(theirs).metadata, labels: { 'driftless.dev/app': 'blog' } } };
  expect(drift(live)).toMatchObject({
    found: { drift: 'modified', handling: 'report', note: 'carries the label of application blog' },
  });
});

const refused = (reason: 'immutable' | 'forbidden'): ApplyResult => ({
  status: 'refused',
  reason,
  message: 'no',
  causes: [{ field: 'spec.selector', message: 'field is immutable' }],
});

test('a field that cannot be changed back is only reported, unless the object may be recreated', () => {
  const found = { drift: 'modified', fields: [{ path: 'spec.selector' }], note: 'cannot be changed back: no' };
  expect(drift(deployed, [], refused('immutable'))).toMatchObject({ found: { ...found, handling: 'report' } });
  const options = { ignoring: { rules: [], scaled: new Set<string>() }, recreate: true, pruneProtected: [] };
  const recreated = decideDrift(api, options, { live: deployed, result: refused('immutable') });
  expect(recreated).toMatchObject({ found });
  expect(recreated).not.toHaveProperty('found.handling');
});

test.each([
  ['refuses it', refused('forbidden'), 'no'],
  ['names a conflict', { status: 'conflict', conflicts: [] } as const, 'other managers own its fields'],
])('an object is unknown where the server %s', (_what, result, message) => {
  expect(drift(deployed, [], result)).toEqual({
    status: 'unknown',
    reason: `Deployment/store/api: cannot be compared: ${message}`,
  });
});

test('an object that is gone is missing, and so is one that is being deleted', () => {
  expect(missingObject(api, undefined)).toEqual({
    status: 'drifted',
    found: { id: api.id, apiVersion: 'apps/v1', drift: 'missing', fields: [], by: [] },
  });
  expect(missingObject(api, deployed)).toMatchObject({ found: { drift: 'missing', note: 'is being deleted' } });
});
