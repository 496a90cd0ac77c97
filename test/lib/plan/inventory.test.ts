import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import { afterApply, isTracked, isWritten, without, writeAhead } from '../../../lib/plan/inventory.ts';
import type { PlannedObject } from '../../../lib/plan/planned.ts';
import { desiredOf, entryNamed, entryOf, kindOf, liveOf, objectOf } from './objects.ts';

const settings = desiredOf(objectOf('ConfigMap/settings', {}, { data: { a: '1' } }));
const id = { group: '', kind: 'ConfigMap', namespace: 'store', name: 'settings', apiVersion: 'v1' };

const planned = (action: PlannedObject['action'], more: Partial<PlannedObject> = {}): PlannedObject => ({
  ...settings,
  action,
  fields: [],
  force: false,
  ...more,
});
const planOf = (...objects: readonly PlannedObject[]) => ({ objects, removals: [], refusals: [] });

describe('before the first write', () => {
  const known = entryOf(settings, { hash: 'old', generation: 3 });

  test.each<[string, PlannedObject, readonly InventoryEntry[], InventoryEntry]>([
    ['an object that is created is entered without a hash', planned('created'), [], id],
    [
      'an object that changes loses its hash, and keeps its uid',
      planned('configured'),
      [known],
      { ...id, uid: 'uid-1' },
    ],
    [
      'an object that is put back to what was applied keeps its hash, and loses its version all the same',
      planned('configured'),
      [entryOf(settings, { generation: 3 })],
      { ...id, hash: settings.hash, uid: 'uid-1' },
    ],
    ['an object that is adopted is entered without a uid', planned('configured'), [], id],
    ['an object that is created anew loses its uid, since it will have another', planned('recreated'), [known], id],
    ['an object that was deleted by hand loses its uid, too', planned('created'), [known], id],
    [
      'an object that stays is entered as it was seen',
      planned('unchanged', { live: { uid: 'uid-2', resourceVersion: '7', generation: 4 } }),
      [known],
      { ...id, hash: settings.hash, uid: 'uid-2', resourceVersion: '7', generation: 4 },
    ],
    [
      'an object that stays and was not looked at keeps what is known',
      planned('unchanged'),
      [known],
      { ...id, hash: settings.hash, uid: 'uid-1', resourceVersion: '5', generation: 3 },
    ],
  ])('%s', (_what, object, inventory, entry) => {
    expect(writeAhead(inventory, planOf(object))).toEqual([entry]);
  });

  test('what the plan does not name stays as it is', () => {
    const other = entryNamed('Secret/key', { uid: 'uid-8' });
    expect(writeAhead([other], planOf(planned('created')))).toEqual([other, id]);
  });

  test('an object keeps its place and its key, whatever version Git writes it in', () => {
    const before = [{ ...known, apiVersion: 'v1beta1' }, entryNamed('Secret/key')];
    expect(writeAhead(before, planOf(planned('configured'))).map(({ apiVersion }) => apiVersion)).toEqual(['v1', 'v1']);
  });
});

const namespace = {
  ...desiredOf(objectOf('Namespace/store')),
  object: objectOf('Namespace/store'),
  kind: kindOf('v1', 'Namespace'),
};

test('the Namespace that createNamespace makes is in no inventory', () => {
  expect(isTracked(namespace)).toBe(false);
  expect(isTracked(settings)).toBe(true);
  expect(writeAhead([], planOf({ ...namespace, action: 'created', fields: [], force: false }))).toEqual([]);
  expect(afterApply([], [{ object: namespace, live: liveOf(namespace) }])).toEqual([]);
});

test('after an apply, an object is entered with its hash and what the server answered', () => {
  const other = entryNamed('Secret/key');
  const live = liveOf(settings, { uid: 'uid-3', resourceVersion: '9', generation: 1, labels: { x: 'y' } });
  expect(afterApply([id, other], [{ object: settings, live }])).toEqual([
    { ...id, hash: settings.hash, uid: 'uid-3', resourceVersion: '9', generation: 1 },
    other,
  ]);
});

test('objects that are gone are taken out by identity', () => {
  const stays = entryNamed('ConfigMap/stays');
  expect(without([entryNamed('ConfigMap/gone', { uid: 'a' }), stays], [entryNamed('ConfigMap/gone')])).toEqual([stays]);
});

test.each<[PlannedObject['action'], boolean]>([
  ['created', true],
  ['configured', true],
  ['recreated', true],
  ['unchanged', false],
  ['skipped', false],
])('an object that is %s is written: %s', (action, written) => {
  expect(isWritten(planned(action))).toBe(written);
});
