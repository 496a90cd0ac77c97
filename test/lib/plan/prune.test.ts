import fc from 'fast-check';
import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import type { ObjectMeta } from '../../../lib/model/kube-object.ts';
import type { PlannedRemoval } from '../../../lib/plan/planned.ts';
import { decideRemoval, pruneGuards } from '../../../lib/plan/prune.ts';
import { type Altered, entryNamed, liveNamed } from './objects.ts';

const options = { prune: true, pruneProtected: [] as readonly string[] };
const request = { app: 'shop', options };
const annotated = (name: string, value: string): Altered<ObjectMeta> => ({ annotations: { [name]: value } });

test('an object that is ours by uid and label is deleted, by its uid', () => {
  const entry = entryNamed('ConfigMap/old', { uid: 'uid-1' });
  expect(decideRemoval(entry, liveNamed('ConfigMap/old'), request)).toEqual({ entry, action: 'deleted', uid: 'uid-1' });
});

test('an object whose uid was not recorded before a crash is ours by its label', () => {
  const entry = entryNamed('ConfigMap/old');
  expect(decideRemoval(entry, liveNamed('ConfigMap/old'), request)).toEqual({ entry, action: 'deleted', uid: 'uid-1' });
});

test.each([
  ['is not there', undefined, undefined],
  [
    'belongs to another application by now',
    liveNamed('ConfigMap/old', { labels: { 'driftless.dev/app': 'blog' } }),
    'belongs to application blog now',
  ],
])('an object that %s is forgotten', (_what, live, note) => {
  const entry = entryNamed('ConfigMap/old', { uid: 'uid-1' });
  expect(decideRemoval(entry, live, request)).toEqual({ entry, action: 'forgotten', ...(note && { note }) });
});

const created = 'another object of this name was created since; delete it manually if it is not needed';
const unlabelled = 'its label driftless.dev/app was removed; delete it manually if it is not needed';

test.each<[string, string, Altered<ObjectMeta>, Altered<InventoryEntry>, string]>([
  ['was created anew by somebody', 'ConfigMap/old', { uid: 'uid-2' }, {}, created],
  ['has no uid', 'ConfigMap/old', { uid: undefined }, {}, created],
  ['lost its label', 'ConfigMap/old', { labels: {} }, {}, unlabelled],
  ['lost its label, and its uid was never recorded', 'ConfigMap/old', { labels: {} }, { uid: undefined }, unlabelled],
  ['is a Namespace', 'Namespace/old', {}, {}, 'a Namespace is deleted only when sync.pruneProtected names its kind'],
  [
    'is a volume claim',
    'PersistentVolumeClaim/old',
    {},
    {},
    'a PersistentVolumeClaim is deleted only when sync.pruneProtected names its kind',
  ],
  [
    'says so to Argo CD',
    'ConfigMap/old',
    annotated('argocd.argoproj.io/sync-options', 'Replace=true, Prune=false'),
    {},
    'its annotation argocd.argoproj.io/sync-options says Prune=false',
  ],
  [
    'says so to Helm',
    'ConfigMap/old',
    annotated('helm.sh/resource-policy', 'keep'),
    {},
    'its annotation helm.sh/resource-policy says keep',
  ],
  [
    'says so to Flux',
    'ConfigMap/old',
    annotated('kustomize.toolkit.fluxcd.io/prune', 'Disabled'),
    {},
    'its annotation kustomize.toolkit.fluxcd.io/prune says disabled',
  ],
  [
    'says so to us',
    'ConfigMap/old',
    annotated('driftless.dev/prune', 'false'),
    {},
    'its annotation driftless.dev/prune says false',
  ],
])('an object that %s stays, with the reason', (_what, ref, metadata, seen, note) => {
  const entry = entryNamed(ref, { uid: 'uid-1', ...seen });
  expect(decideRemoval(entry, liveNamed(ref, metadata), request)).toEqual({ entry, action: 'skipped', note });
});

test('nothing is deleted where pruning is off', () => {
  const entry = entryNamed('ConfigMap/old', { uid: 'uid-1' });
  const off = { ...request, options: { ...options, prune: false } };
  expect(decideRemoval(entry, liveNamed('ConfigMap/old'), off)).toEqual({
    entry,
    action: 'skipped',
    note: 'sync.prune is off',
  });
});

test.each(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'])(
  'a %s is deleted where its kind is named',
  (kind) => {
    const entry = entryNamed(`${kind}/old`, { uid: 'uid-1' });
    const named = { ...request, options: { ...options, pruneProtected: [kind] } };
    expect(decideRemoval(entry, liveNamed(`${kind}/old`), named).action).toBe('deleted');
    expect(decideRemoval(entry, liveNamed(`${kind}/old`), request).action).toBe('skipped');
  },
);

test('whatever is live, only an object with our label and the recorded uid is deleted', () => {
  const metadata = fc.record({
    uid: fc.constantFrom('uid-1', 'uid-2', undefined),
    labels: fc.constantFrom({}, { 'driftless.dev/app': 'shop' }, { 'driftless.dev/app': 'blog' }, undefined),
  });
  fc.assert(
    fc.property(metadata, fc.constantFrom('uid-1', undefined), (live, uid) => {
      const removal = decideRemoval(entryNamed('ConfigMap/old', { uid }), liveNamed('ConfigMap/old', live), request);
      const isOurs =
        live.labels?.['driftless.dev/app'] === 'shop' && (uid ?? live.uid) === live.uid && live.uid !== undefined;
      expect(removal.action === 'deleted').toBe(isOurs);
      expect(removal.uid).toBe(isOurs ? live.uid : undefined);
    }),
  );
});

describe('the guards', () => {
  const removals = (deleted: number, skipped = 0): readonly PlannedRemoval[] =>
    Array.from({ length: deleted + skipped }, (_, n) => ({
      entry: entryNamed(`ConfigMap/${n}`),
      action: n < deleted ? 'deleted' : 'skipped',
    }));
  const first = { group: '', kind: 'ConfigMap', namespace: 'store', name: '0' };
  const limits = { maxPrunePercent: 50, allowEmpty: false };

  test.each([
    ['nothing is deleted', removals(0, 20), { desired: 0, inventory: 20 }, limits],
    ['all of a small application but one go', removals(8), { desired: 1, inventory: 9 }, limits],
    ['just half of them go', removals(5), { desired: 5, inventory: 10 }, limits],
    ['many would go, and stay for other reasons', removals(5, 5), { desired: 1, inventory: 10 }, limits],
    ['more than half may go', removals(9), { desired: 1, inventory: 10 }, { ...limits, maxPrunePercent: 90 }],
    ['everything may go', removals(12), { desired: 0, inventory: 12 }, { ...limits, allowEmpty: true }],
  ])('let a plan through where %s', (_what, planned, size, given) => {
    expect(pruneGuards(planned, size, given)).toEqual([]);
  });

  test.each([
    [
      'an empty rendering, however small the application is',
      removals(1),
      { desired: 0, inventory: 1 },
      limits,
      'the rendering is empty, which would delete all 1 objects; set sync.allowEmpty: true if that is intended',
    ],
    [
      'a plan that deletes more than half',
      removals(6),
      { desired: 4, inventory: 10 },
      limits,
      '6 of 10 objects would be deleted, more than 50 %; raise sync.maxPrunePercent if that is intended',
    ],
    [
      'a plan that deletes anything, at 0 percent',
      removals(1),
      { desired: 99, inventory: 100 },
      { ...limits, maxPrunePercent: 0 },
      '1 of 100 objects would be deleted, more than 0 %; raise sync.maxPrunePercent if that is intended',
    ],
  ])('refuse %s', (_what, planned, size, given, message) => {
    expect(pruneGuards(planned, size, given)).toEqual([{ id: first, message }]);
  });

  test('name a cluster-scoped object without a namespace', () => {
    const entry = entryNamed('Namespace/a', { namespace: undefined });
    const [refusal] = pruneGuards([{ entry, action: 'deleted' }], { desired: 0, inventory: 1 }, limits);
    expect(refusal?.id).toEqual({ group: '', kind: 'Namespace', name: 'a' });
  });
});
