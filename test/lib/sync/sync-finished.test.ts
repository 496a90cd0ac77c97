// D6: what has done its work and is gone is not missing.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { withDriftRig } from '../drift/drift-rig.ts';
import { configMap, type Rig } from './rig.ts';

const rigs = withDriftRig();

const job = (image = 'v1', spec: object = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'once' },
  spec: { template: { image }, ...spec },
});
const pod = (image = 'v1'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'once' },
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] },
});
const COMPLETE = { conditions: [{ type: 'Complete', status: 'True' }] };
const STATUS: Readonly<Record<string, object>> = { Job: COMPLETE, Pod: { phase: 'Succeeded' } };

async function open() {
  const rig = await rigs.open();
  rig.cluster.controller = ({ kind }) => STATUS[kind];
  return rig;
}

const remove = (rig: Rig, ref: string): void => rig.cluster.edit(ref, () => undefined);
const applied = (rig: Rig): readonly string[] => rig.requests().filter((request) => request.startsWith('APPLY'));

test.each([
  ['Job', job],
  ['Pod', pod],
])('D6: a %s that was seen to finish and is gone has not drifted, and does not run again', async (kind, make) => {
  const rig = await open();
  await rig.deploy(configMap('a'), make());
  remove(rig, `${kind}/store/once`);
  await rig.scan();
  expect(await rig.drifted()).toEqual([]);
  rig.requests();
  expect(await rig.deploy(configMap('a', '2'), make())).toMatchObject({
    status: 'synced',
    message: '1 configured, 1 unchanged',
  });
  expect(applied(rig)).toEqual(['APPLY ConfigMap/store/a']);
  expect(await rig.deploy(configMap('a', '3'), make())).toMatchObject({ status: 'synced' });
  expect(applied(rig)).toEqual(['APPLY ConfigMap/store/a']);
});

test('D6: it runs again when its manifest changes', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), job());
  remove(rig, 'Job/store/once');
  await rig.deploy(configMap('a'), job('v2'));
  expect(rig.cluster.find('Job/store/once').spec).toEqual({ template: { image: 'v2' } });
});

test('D6: a Job that removes itself while it is waited for has finished', async () => {
  const rig = await open();
  rig.cluster.controller = () => ({ active: 1 });
  let looks = 0;
  rig.cluster.before = (request) => {
    looks += request === 'WATCH Job' ? 1 : 0;
    if (looks !== 2) return;
    rig.cluster.before = () => undefined;
    rig.cluster.edit('Job/store/once', (live) => {
      rig.cluster.controller = () => COMPLETE;
      return { ...live, metadata: { ...live.metadata, annotations: { touched: 'yes' } } };
    });
    remove(rig, 'Job/store/once');
  };
  expect(await rig.deploy(configMap('a'), job('v1', { ttlSecondsAfterFinished: 0 }))).toMatchObject({
    status: 'synced',
  });
  expect(await rig.state.inventory('shop')).toContainEqual(expect.objectContaining({ kind: 'Job', finished: true }));
});

test('D6: a Job that is deleted before it has finished is missing', async () => {
  const rig = await open();
  rig.cluster.controller = ({ kind }) => (kind === 'Job' ? { active: 1 } : undefined);
  expect(await rig.deploy(configMap('a'), job('v1', { ttlSecondsAfterFinished: 3 }))).toMatchObject({
    status: 'degraded',
  });
  remove(rig, 'Job/store/once');
  await rig.scan();
  expect(await rig.drifted()).toEqual(['Job/store/once missing']);
});

test('D6: a Job that failed and is gone is missing', async () => {
  const rig = await open();
  rig.cluster.controller = ({ kind }) =>
    kind === 'Job' ? { conditions: [{ type: 'Failed', status: 'True', message: 'no' }] } : undefined;
  expect(await rig.deploy(configMap('a'), job())).toMatchObject({ status: 'degraded' });
  remove(rig, 'Job/store/once');
  await rig.scan();
  expect(await rig.drifted()).toEqual(['Job/store/once missing']);
});

test('D6: Jobs that a CronJob has made come and go', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'));
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: 'u', controller: true }];
  const labels = { 'driftless.dev/app': 'shop' };
  rig.cluster.put({ ...job(), metadata: { name: 'nightly-1', namespace: 'store', labels, ownerReferences } });
  await rig.scan();
  expect(await rig.drifted()).toEqual([]);
  remove(rig, 'Job/store/nightly-1');
  await rig.scan();
  expect(await rig.drifted()).toEqual([]);
});

test('D6: a finished Job that Git no longer has is forgotten', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), job());
  remove(rig, 'Job/store/once');
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'unchanged' });
  expect((await rig.state.inventory('shop')).map(({ kind }) => kind)).toEqual(['ConfigMap']);
});

test('D6: an object that another client makes again under the name is compared as before', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), job());
  const { uid: _, resourceVersion: __, managedFields: ___, ...metadata } = rig.cluster.find('Job/store/once').metadata;
  remove(rig, 'Job/store/once');
  rig.cluster.put({ ...job('other'), metadata });
  await rig.scan();
  expect(await rig.drifted()).toEqual(['Job/store/once modified: spec.template']);
});
