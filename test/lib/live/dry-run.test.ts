import { dryRun, dryRunAsNew, dryRunDeployed, type SentObject } from '../../../lib/live/dry-run.ts';
import { idOf, type KubeObject } from '../../../lib/model/kube-object.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { kindOf } from '../plan/objects.ts';

const configMap = (value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'store' },
  data: { value },
});
const object = configMap('1');
const sent: SentObject = { id: idOf(object), kind: kindOf('v1', 'ConfigMap'), object };

const BOTH = ['DRY-RUN ConfigMap/store/a', 'GET ConfigMap/store/a'];
const listed = { force: true, isListed: true };
const unlisted = { force: true, isListed: false };

function clusterWith(...objects: readonly KubeObject[]): FakeCluster {
  const cluster = new FakeCluster('store');
  for (const one of objects) cluster.put(one, 'driftless');
  return cluster;
}

/** Another client writes after the dry-run and before the read, so many times. */
function writeBetween(cluster: FakeCluster, times: number): void {
  let writes = 0;
  cluster.before = async (request) => {
    if (request !== 'GET ConfigMap/store/a' || writes === times) return;
    writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
    cluster.put(configMap(`other ${writes}`));
  };
}

test('a listed object is dry-run and read at the same time', async () => {
  const cluster = clusterWith(configMap('2'));
  const { result, live } = await dryRun(sent, listed, { cluster });
  expect(result).toMatchObject({ status: 'applied', object: { data: { value: '1' } } });
  expect(live).toMatchObject({ data: { value: '2' } });
  expect(cluster.requests).toEqual(BOTH);
});

test.each([
  ['is not read where it does not exist', [], ['DRY-RUN ConfigMap/store/a'], undefined],
  ['is read where the dry-run tells that it exists', [configMap('2')], BOTH, { data: { value: '2' } }],
])('an object that no list shows %s', async (_what, objects, requests, live) => {
  const cluster = clusterWith(...objects);
  const found = await dryRun(sent, unlisted, { cluster });
  expect(cluster.requests).toEqual(requests);
  if (live === undefined) expect(found.live).toBeUndefined();
  else expect(found.live).toMatchObject(live);
});

test.each([
  ['once', 1, 2],
  ['all the time', Number.POSITIVE_INFINITY, 3],
])(
  'where another client writes %s in between, both requests are sent again, three times at most',
  async (_how, writes, tries) => {
    const [planned, deployed] = [clusterWith(object), clusterWith(object)];
    for (const cluster of [planned, deployed]) writeBetween(cluster, writes);
    await dryRun(sent, listed, { cluster: planned });
    await dryRunDeployed(sent, listed, { cluster: deployed });
    const requests = Array.from({ length: tries }, () => BOTH).flat();
    expect([planned.requests, deployed.requests]).toEqual([requests, requests]);
  },
);

test.each([
  ['is read, and not dry-run where it is gone', [], ['GET ConfigMap/store/a']],
  ['is read, then dry-run', [configMap('2')], ['GET ConfigMap/store/a', 'DRY-RUN ConfigMap/store/a']],
])('a deployed object that no list shows %s', async (_what, objects, requests) => {
  const cluster = clusterWith(...objects);
  const found = await dryRunDeployed(sent, unlisted, { cluster });
  expect('result' in found).toBe(objects.length > 0);
  expect(cluster.requests).toEqual(requests);
});

test.each([listed, unlisted])('a deployed object that is being deleted has no result: %j', async (options) => {
  const cluster = clusterWith(configMap('2'));
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  cluster.edit('ConfigMap/store/a', (live) => ({ ...live, metadata: { ...live.metadata, deletionTimestamp } }));
  const found = await dryRunDeployed(sent, options, { cluster });
  expect(found).toMatchObject({ live: { metadata: { deletionTimestamp } } });
  expect(found).not.toHaveProperty('result');
});

test('a new object is what the server makes of the manifest under another name', async () => {
  const cluster = clusterWith(configMap('2'));
  expect(await dryRunAsNew(sent, { cluster })).toMatchObject({ data: { value: '1' } });
  expect(cluster.requests).toEqual(['DRY-RUN ConfigMap/store/driftless-dry-run']);
  cluster.refuse('ConfigMap/store/driftless-dry-run', {
    status: 'refused',
    reason: 'forbidden',
    message: 'no',
    causes: [],
  });
  expect(await dryRunAsNew(sent, { cluster })).toBeUndefined();
});
