// Applications of the same repository are rendered before an object is deleted: what one of them cannot tell concerns no more than its project permits it.
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import type { Commit, FolderOf } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

const role = (name: string): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
});

const REMOVED: readonly Commit[] = [
  { a: ['x'], b: [] },
  { a: [], b: [] },
];

/** A push that removes a ConfigMap and a ClusterRole, and changes something else. */
const removing: FolderOf = (app, place) => {
  if (app === 'b') return [];
  const kept = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' }, data: { value: `${place}` } };
  return place === 0 ? [kept, role('wide')] : [kept];
};

type Limits = { readonly namespace: string; readonly kinds?: string };

/** Applications of two projects; the limits are those of the second one. */
async function opened({ namespace, kinds }: Limits): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const choose = (limit: number) => (limit === 20 ? 2 : 0);
  const rig = new PairRig({ state, clock }, { commits: REMOVED, repos: 1, choose, more: removing });
  const [a, b] = rig.applications;
  if (a === undefined || b === undefined) throw new Error('two applications');
  const all = { sourceRepos: ['*'], destinations: [{ cluster: '*', namespace: '*' }] };
  const allow = [{ group: '*', kind: '*', name: '*' }];
  rig.projects.projects = [
    { ...all, name: 'one', clusterResources: { allow } },
    { ...all, name: 'two', destinations: [{ cluster: '*', namespace }], ...(kinds && { clusterResources: { allow } }) },
  ];
  rig.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  await rig.begin();
  await rig.configure([
    { ...a, project: 'one' },
    { ...b, project: 'two', destination: { ...b.destination, namespace: 'other' } },
  ]);
  await rig.settle();
  rig.commit();
  return rig;
}

/** The folder of `b` cannot be read from now on; how often it is tried. */
function breakB(rig: PairRig, code: ErrorCode): { count: number } {
  const tried = { count: 0 };
  const { git } = rig.ports;
  rig.changed = {
    git: {
      ...git,
      open: async (...asked) => {
        const snapshot = await git.open(...asked);
        return {
          ...snapshot,
          oid: (path) => snapshot.oid(path) && `${snapshot.oid(path)}${path === 'b' ? '!' : ''}`,
          checkout: async (paths) => {
            if (!paths.includes('b')) return snapshot.checkout(paths);
            tried.count += 1;
            throw new DriftlessError(code, 'no answer');
          },
        };
      },
    },
  };
  return tried;
}

const FAULTS = ['RenderFailed', 'GitUnreachable'] as const;

test.each(FAULTS)(
  'one that ends with %s keeps nothing that its project does not permit, and is not rendered',
  async (code) => {
    const rig = await opened({ namespace: 'other' });
    const tried = breakB(rig, code);
    await rig.request('a', 'push');
    await rig.settle();
    expect((await rig.history('a')).at(-1)).toBe('push synced: 1 configured, 1 unchanged, 2 deleted');
    expect(Object.keys(rig.cluster.contents())).not.toContain('ClusterRole/wide');
    expect(tried.count).toBe(0);
  },
);

test.each(FAULTS)('one that ends with %s keeps what it may hold, is named, and holds up nothing else', async (code) => {
  const rig = await opened({ namespace: '*', kinds: '*' });
  breakB(rig, code);
  await rig.request('a', 'push');
  await rig.settle();
  expect((await rig.history('a')).at(-1)).toBe(
    'push synced: 1 configured, 1 unchanged, 1 deleted, ClusterRole/wide is left to application b, whose newest commit cannot be rendered',
  );
  rig.changed = {};
  await rig.request('a', 'handover');
  await rig.settle();
  expect(Object.keys(rig.cluster.contents())).not.toContain('ClusterRole/wide');
});
