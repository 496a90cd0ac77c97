import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import type { KubeObject, ObjectMeta } from '../../../lib/model/kube-object.ts';
import { isUntouched } from '../../../lib/plan/untouched.ts';
import { type Altered, desiredOf, entryOf, liveOf, objectOf } from './objects.ts';

const plain = desiredOf(
  objectOf('apps/v1 Deployment/api', { annotations: { team: 'blue' } }, { spec: { replicas: 1 } }),
);
const [withFinalizer, withOwner] = [
  { finalizers: ['example.com/f'] },
  { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' }] },
].map((metadata) => desiredOf(objectOf('apps/v1 Deployment/api', metadata)));

const withDeployer = desiredOf(
  objectOf('apps/v1 Deployment/api', { annotations: { team: 'blue' } }, { spec: { replicas: 1 } }),
  'east',
);

type Situation = {
  readonly desired?: typeof plain | undefined;
  readonly entry?: Altered<InventoryEntry>;
  readonly live?: Altered<ObjectMeta>;
};

const later: Altered<ObjectMeta> = { resourceVersion: '6', generation: 1 };
const labels = { 'driftless.dev/app': 'shop' };

test.each<[string, boolean, Situation]>([
  ['nothing happened', true, {}],
  ['only its status changed', true, { live: later }],
  ['somebody added a label', true, { live: { ...later, labels: { ...labels, extra: 'x' } } }],
  ['somebody added an annotation', true, { live: { ...later, annotations: { team: 'blue', extra: 'x' } } }],
  [
    'an older version wrote it, without the label of the deployer',
    true,
    { desired: withDeployer, live: { ...later, labels } },
  ],
  ['another label came, and the deployer has one', true, { desired: withDeployer, live: later }],
  ['Git wants something else', false, { entry: { hash: 'another' } }],
  ['it was about to be written when a worker crashed', false, { entry: { hash: undefined } }],
  ['its specification changed', false, { live: { resourceVersion: '6', generation: 2 } }],
  ['it changed, and its kind counts no generations', false, { live: { resourceVersion: '6', generation: undefined } }],
  [
    'it changed, and neither side counts generations',
    false,
    { entry: { generation: undefined }, live: { resourceVersion: '6', generation: undefined } },
  ],
  ['its label was removed', false, { live: { ...later, labels: {} } }],
  ['its label says another application', false, { live: { ...later, labels: { 'driftless.dev/app': 'other' } } }],
  ['an annotation of ours was removed', false, { live: { ...later, annotations: {} } }],
  ['an annotation of ours was changed', false, { live: { ...later, annotations: { team: 'red' } } }],
  ['it was deleted and created again', false, { live: { uid: 'uid-2' } }],
  ['its uid was never recorded', false, { entry: { uid: undefined } }],
  ['neither side has a uid', false, { entry: { uid: undefined }, live: { uid: undefined } }],
  ['it is being deleted', false, { live: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ['it changed, and Git sets its finalizers', false, { desired: withFinalizer, live: later }],
  ['it changed, and Git sets its owners', false, { desired: withOwner, live: later }],
  ['nothing happened, and Git sets its finalizers', true, { desired: withFinalizer }],
])('where %s, an object is untouched: %s', (_what, untouched, { desired = plain, entry = {}, live = {} }) => {
  const known = entryOf(desired, { generation: 1, ...entry });
  expect(isUntouched(desired, known, liveOf(desired, { generation: 1, ...live }))).toBe(untouched);
});

test.each<[string, InventoryEntry | undefined, KubeObject | undefined]>([
  ['an object that the inventory does not know', undefined, liveOf(plain)],
  ['an object that is not there', entryOf(plain), undefined],
])('%s is not untouched', (_what, entry, live) => {
  expect(isUntouched(plain, entry, live)).toBe(false);
});
