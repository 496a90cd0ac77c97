import {
  observedVersion,
  type PlannedObject,
  remarksOn,
  toChangeSet,
  writesNothing,
} from '../../../lib/plan/planned.ts';
import { desiredOf, entryNamed, objectOf } from './objects.ts';

const planned = (action: PlannedObject['action'], more: Partial<PlannedObject> = {}): PlannedObject => ({
  ...desiredOf(objectOf('ConfigMap/a')),
  action,
  fields: [],
  force: false,
  ...more,
});
const entry = entryNamed('ConfigMap/old', { uid: 'uid-1', hash: 'h' });
const id = { group: '', kind: 'ConfigMap', namespace: 'store', name: 'a' };
const oldId = { ...id, name: 'old' };

test.each([
  ['one object is created', [planned('unchanged'), planned('created')], [], false],
  ['one is configured', [planned('configured')], [], false],
  ['one is recreated', [planned('recreated')], [], false],
  ['one is deleted', [planned('unchanged')], [{ entry, action: 'deleted' } as const], false],
  ['all are unchanged or skipped', [planned('unchanged'), planned('skipped')], [], true],
  ['one is only forgotten', [], [{ entry, action: 'forgotten' } as const], true],
  ['one is kept', [], [{ entry, action: 'skipped' } as const], true],
])('where %s, a plan writes nothing: %#', (_what, objects, removals, nothing) => {
  expect(writesNothing({ objects, removals })).toBe(nothing);
});

test('an outcome names what is taken over, left, and stays with the reason; only what goes to others is not counted as skipped', () => {
  const objects = [planned('configured', { from: { app: 'blog', isProven: true } })];
  const removals = [
    { entry, action: 'skipped', note: 'is left to application b', leftTo: { app: 'b', isCertain: true } },
    { entry, action: 'skipped', note: 'sync.prune is off' },
    { entry, action: 'forgotten', note: 'belongs to application c now' },
    { entry, action: 'deleted' },
  ] as const;
  expect(remarksOn({ objects, removals, refusals: [] })).toEqual({
    texts: [
      'ConfigMap/store/a is taken over from application blog',
      'ConfigMap/store/old belongs to application c now',
      'ConfigMap/store/old stays: sync.prune is off',
    ],
    skipped: 2,
  });
});

test('a plan is told to people object by object, then what is deleted and what is kept; what is forgotten is no news', () => {
  const fields = [{ path: 'data.a', from: '1', to: '2' }];
  const refusals = [{ id, message: 'no' }];
  const objects = [
    planned('configured', { fields }),
    planned('created', { deferred: 'Namespace/store' }),
    planned('created', { deferred: 'Namespace/store', note: 'PreSync hook' }),
  ];
  const removals = [
    { entry, action: 'deleted', uid: 'uid-1' },
    { entry, action: 'skipped', note: 'sync.prune is off' },
    { entry, action: 'forgotten' },
    { entry: entryNamed('Namespace/old', { namespace: undefined }), action: 'deleted' },
  ] as const;
  expect(toChangeSet({ objects, removals, refusals })).toEqual({
    changes: [
      { id, action: 'configured', fields },
      { id, action: 'created', fields: [], note: 'planned after Namespace/store exists' },
      { id, action: 'created', fields: [], note: 'PreSync hook' },
      { id: oldId, action: 'deleted', fields: [] },
      { id: oldId, action: 'skipped', fields: [], note: 'sync.prune is off' },
      { id: { group: '', kind: 'Namespace', name: 'old' }, action: 'deleted', fields: [] },
    ],
    refusals,
  });
});

test.each([
  ['everything', { uid: 'u', resourceVersion: '5', generation: 2 }, { uid: 'u', resourceVersion: '5', generation: 2 }],
  ['what there is', { resourceVersion: '5' }, { resourceVersion: '5' }],
  ['nothing else', { uid: 'u', annotations: { token: 'x' }, managedFields: [] }, { uid: 'u' }],
])('of a live object %s is remembered', (_what, metadata, seen) => {
  expect(observedVersion(metadata)).toEqual(seen);
});
