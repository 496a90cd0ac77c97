import fc from 'fast-check';
import type { KubeObject, ObjectMeta } from '../../../lib/model/kube-object.ts';
import { heldBy } from '../../../lib/ownership/held-by.ts';
import { type DeletionReason, mayDelete } from '../../../lib/ownership/may-delete.ts';

const OURS = { 'driftless.dev/app': 'shop' };
const RUN = { 'driftless.dev/operation': 'shop-7' };
const PROTECTED = ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'];

const live = (kind: string, metadata: Partial<ObjectMeta> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', uid: 'uid-1', labels: OURS, ...metadata },
});
const hook = (more: Partial<Extract<DeletionReason, { why: 'hook' }>> = {}): DeletionReason => ({
  why: 'hook',
  app: 'shop',
  isSameHook: () => false,
  isFormerDeployers: () => false,
  ...more,
});
const recreate = (more: Partial<Extract<DeletionReason, { why: 'recreate' | 'takeOver' }>> = {}): DeletionReason => ({
  why: 'recreate',
  app: 'shop',
  pruneProtected: [],
  isAskedFor: false,
  ...more,
});
const cascade: DeletionReason = { why: 'cascade', app: 'shop', pruneProtected: [] };

describe('D3: for a hook', () => {
  test.each<[string, KubeObject, DeletionReason]>([
    ['an earlier run made', live('ConfigMap', { annotations: RUN }), hook()],
    ['an earlier run made, by its recorded uid', live('Job', { annotations: RUN }), hook({ uid: 'uid-1' })],
    ['is a Job of the same hook with our label', live('Job'), hook({ isSameHook: () => true })],
    [
      'is a Pod that a former deployer made for the same hook',
      live('Pod', { labels: {} }),
      hook({ isSameHook: () => true, isFormerDeployers: () => true }),
    ],
  ])('what %s may be deleted', (_what, object, reason) => {
    expect(mayDelete(object, reason)).toEqual({ may: 'delete', uid: 'uid-1' });
  });

  test.each<[string, KubeObject, DeletionReason]>([
    ['no application made', live('ConfigMap', { labels: {} }), hook()],
    ['is an ordinary object of this application', live('StatefulSet'), hook({ isSameHook: () => true })],
    ['another application made', live('Job', { labels: { 'driftless.dev/app': 'blog' }, annotations: RUN }), hook()],
    [
      'another application made with its own run',
      live('Job', { annotations: { 'driftless.dev/operation': 'shop-blog-7' } }),
      hook(),
    ],
    ['was created since under this name', live('Job', { annotations: RUN }), hook({ uid: 'uid-0' })],
    [
      'a former deployer made, of another kind',
      live('Secret', { labels: {} }),
      hook({ isSameHook: () => true, isFormerDeployers: () => true }),
    ],
    ['a former deployer made as no hook', live('Job', { labels: {} }), hook({ isFormerDeployers: () => true })],
    ['a person made as the same hook', live('Job', { labels: {} }), hook({ isSameHook: () => true })],
  ])('what %s stays', (_what, object, reason) => {
    expect(mayDelete(object, reason)).toMatchObject({ may: 'keep' });
  });

  test.each(PROTECTED)('a %s stays, whoever made it', (kind) => {
    const reason = `a hook never deletes a ${kind}`;
    expect(mayDelete(live(kind, { annotations: RUN }), hook())).toEqual({ may: 'keep', reason });
  });

  test('the reason names who wrote the object, and the remedy', () => {
    const managedFields = [{ manager: 'kubectl-create', operation: 'Update' }];
    expect(mayDelete(live('Secret', { labels: {}, managedFields }), hook())).toEqual({
      may: 'keep',
      reason:
        'already exists, and no earlier run of this hook made it (it was written by kubectl-create); a hook replaces only what it made: delete the object manually, or give the hook another name',
    });
  });
});

describe('D4: to recreate', () => {
  test.each([
    ['Namespace', 'every object in it'],
    ['CustomResourceDefinition', 'every object of its kind'],
    ['PersistentVolumeClaim', 'the data of its volume'],
    ['PersistentVolume', 'the data of the volume'],
  ])('a %s stays, and what would be lost is named, unless the object or the settings say so', (kind, lost) => {
    expect(mayDelete(live(kind), recreate())).toEqual({
      may: 'keep',
      reason: `recreating it would lose ${lost}; where that is intended, set its annotation driftless.dev/recreate: "true", or name ${kind} in sync.pruneProtected`,
    });
    expect(mayDelete(live(kind), recreate({ isAskedFor: true })).may).toBe('delete');
    expect(mayDelete(live(kind), recreate({ pruneProtected: [kind] })).may).toBe('delete');
    expect(mayDelete(live(kind, { labels: {} }), recreate({ why: 'takeOver' })).may).toBe('keep');
  });

  test.each<[string, Partial<ObjectMeta>, DeletionReason, string]>([
    ['is ours by its label', {}, recreate(), 'delete'],
    ['is ours by its uid', { labels: {} }, recreate({ uid: 'uid-1' }), 'delete'],
    ['a former deployer made', { labels: {} }, recreate({ why: 'takeOver' }), 'delete'],
    ['no application made', { labels: {} }, recreate(), 'keep'],
    ['no application made, where Git asks for it', { labels: {} }, recreate({ isAskedFor: true }), 'delete'],
    ['another application made', { labels: { 'driftless.dev/app': 'blog' } }, recreate({ isAskedFor: true }), 'keep'],
    ['was created since', {}, recreate({ uid: 'uid-0' }), 'keep'],
  ])('what %s', (_what, metadata, reason, may) => {
    expect(mayDelete(live('Deployment', metadata), reason).may).toBe(may);
  });
});

test('a cascade asks what a prune asks, but for sync.prune', () => {
  expect(mayDelete(live('ConfigMap'), cascade).may).toBe('delete');
  expect(mayDelete(live('Namespace'), cascade).may).toBe('keep');
  expect(mayDelete(live('ConfigMap', { labels: { 'driftless.dev/app': 'blog' } }), cascade).may).toBe('forget');
  expect(mayDelete(live('ConfigMap', { annotations: { 'helm.sh/resource-policy': 'keep' } }), cascade).may).toBe(
    'keep',
  );
});

test('for whatever reason, an object that carries the label of another application is not deleted', () => {
  const reasons = fc.constantFrom(
    cascade,
    recreate({ isAskedFor: true, pruneProtected: PROTECTED }),
    recreate({ why: 'takeOver', isAskedFor: true }),
    hook({ isSameHook: () => true, isFormerDeployers: () => true }),
    { why: 'prune', app: 'shop', prune: true, pruneProtected: PROTECTED } as const,
  );
  const objects = fc.record({
    kind: fc.constantFrom('ConfigMap', 'Job', 'Pod', ...PROTECTED),
    annotations: fc.constantFrom({}, RUN, { 'driftless.dev/recreate': 'true' }),
    uid: fc.constantFrom('uid-1', 'uid-2'),
  });
  fc.assert(
    fc.property(
      reasons,
      objects,
      fc.option(fc.constantFrom('uid-1', 'uid-2')),
      (reason, { kind, ...metadata }, uid) => {
        const others = live(kind, { ...metadata, labels: { 'driftless.dev/app': 'blog' } });
        expect(mayDelete(others, { ...reason, uid: uid ?? undefined }).may).not.toBe('delete');
      },
    ),
  );
});

test.each<[string, Pick<KubeObject, 'metadata' | 'status'>, string]>([
  ['its finalizers', { metadata: { name: 'a', finalizers: ['example.com/hold', 'x/y'] } }, 'example.com/hold, x/y'],
  [
    'what is left in a Namespace',
    {
      metadata: { name: 'a' },
      status: {
        conditions: [
          { type: 'NamespaceContentRemaining', status: 'True', message: 'Some resources are remaining' },
          { type: 'NamespaceFinalizersRemaining', status: 'True', message: 'example.com/hold in 1 resource instances' },
          { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', message: 'no' },
        ],
      },
    },
    'example.com/hold in 1 resource instances',
  ],
  ['nothing that is known', { metadata: { name: 'a' }, status: { conditions: 'none' } }, ''],
])('D5: a deletion is held by %s', (_what, object, by) => {
  expect(heldBy(object)).toBe(by);
});
