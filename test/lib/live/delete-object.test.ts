import { DriftlessError } from '../../../lib/errors.ts';
import { deleteObject } from '../../../lib/live/delete-object.ts';
import type { ServedKind } from '../../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { DeletionReason } from '../../../lib/ownership/may-delete.ts';
import { FakeCluster } from '../../fakes/cluster.ts';

const kind: ServedKind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const id = { group: '', kind: 'ConfigMap', namespace: 'store', name: 'a' };
const REF = 'ConfigMap/store/a';
const OURS = { 'driftless.dev/app': 'shop' };
const prune = (uid?: string): DeletionReason => ({ why: 'prune', app: 'shop', uid, prune: true, pruneProtected: [] });

function withObject(metadata: Partial<KubeObject['metadata']> = {}): FakeCluster {
  const cluster = new FakeCluster('store');
  cluster.put({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'store', labels: OURS, ...metadata },
  });
  return cluster;
}

const remove = (cluster: FakeCluster, reason = prune()) =>
  deleteObject({ kind, id }, reason, { cluster, guard: () => undefined });

test('an object is read, judged and deleted', async () => {
  const cluster = withObject();
  const { uid } = cluster.find(REF).metadata;
  expect(await remove(cluster, prune(uid))).toEqual({ status: 'requested', uid });
  expect(cluster.requests).toEqual([`GET ${REF}`, `DELETE ${REF}`]);
});

test('an object that changes between the read and the delete is judged again', async () => {
  const cluster = withObject();
  let changes = 0;
  cluster.before = (request) => {
    if (!request.startsWith('DELETE') || changes === 2) return;
    changes += 1;
    cluster.edit(REF, (live) => ({ ...live, data: { changes } }));
  };
  expect(await remove(cluster)).toMatchObject({ status: 'requested' });
  expect(cluster.requests.filter((request) => request.startsWith('GET'))).toHaveLength(3);
});

test('an object that changes each time stays after five tries', async () => {
  const cluster = withObject();
  let changes = 0;
  cluster.before = (request) => {
    if (!request.startsWith('DELETE')) return;
    changes += 1;
    cluster.edit(REF, (live) => ({ ...live, data: { changes } }));
  };
  expect(await remove(cluster)).toEqual({ status: 'contended' });
  expect(cluster.find(REF).data).toEqual({ changes: 5 });
});

test('an object that another application takes over in between stays', async () => {
  const cluster = withObject();
  cluster.before = (request) => {
    if (request.startsWith('DELETE'))
      cluster.edit(REF, (live) => ({
        ...live,
        metadata: { ...live.metadata, labels: { 'driftless.dev/app': 'blog' } },
      }));
  };
  expect(await remove(cluster)).toEqual({ status: 'gone' });
  expect(cluster.find(REF).metadata.labels).toEqual({ 'driftless.dev/app': 'blog' });
});

test('an object that is replaced between plan and delete stays, and is forgotten', async () => {
  const cluster = withObject();
  expect(await remove(cluster, prune('uid-of-the-plan'))).toEqual({ status: 'gone' });
  expect(cluster.requests).toEqual([`GET ${REF}`]);
});

test('an annotation against deleting that comes after the plan keeps the object', async () => {
  const cluster = withObject({ annotations: { 'driftless.dev/prune': 'false' } });
  expect(await remove(cluster)).toEqual({ status: 'kept', reason: 'its annotation driftless.dev/prune says false' });
});

test('an object that is being deleted is not deleted again', async () => {
  const cluster = withObject({ finalizers: ['example.com/hold'] });
  await remove(cluster);
  cluster.requests.length = 0;
  expect(await remove(cluster)).toMatchObject({ status: 'requested' });
  expect(cluster.requests).toEqual([`GET ${REF}`]);
});

test('a read that fails is no absence', async () => {
  const cluster = withObject();
  cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  await expect(remove(cluster)).rejects.toMatchObject({ code: 'ClusterAccessDenied' });
});

test('a lost lease keeps the delete from being sent', async () => {
  const cluster = withObject();
  const guard = (): void => {
    throw new DriftlessError('LeaseLost', 'another worker');
  };
  await expect(deleteObject({ kind, id }, prune(), { cluster, guard })).rejects.toMatchObject({ code: 'LeaseLost' });
  expect(cluster.find(REF)).toBeDefined();
});
