// Corrections and rollbacks leave ignored fields to their owners, and record what Git has.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import { recordDrift } from './drifted.ts';
import { type Rig, withRig } from './rig.ts';

const rigs = withRig();

const settings = (value: string): KubeObject => part({ value, tuned: '1' });
const part = (data: object): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
const inStore = (object: KubeObject): KubeObject => ({ ...object, metadata: { name: 'a', namespace: 'store' } });

/** An application that ignores a tuned field, deployed in these versions one after the other, and then tuned. */
async function tuned(...versions: readonly string[]): Promise<Rig> {
  const rig = await rigs.open();
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('the application is not configured');
  const app = { ...record.app, drift: { ...record.app.drift, ignore: [{ fields: ['data.tuned'] }] } };
  await rig.state.putApplication(app, specHash(app));
  for (const version of versions) expect(await rig.deploy(settings(version))).toMatchObject({ status: 'synced' });
  rig.cluster.put(inStore(part({ tuned: '9' })), 'tuner');
  return rig;
}

const data = (rig: Rig) => rig.cluster.find('ConfigMap/store/a').data;
const hashes = async (rig: Rig) => (await rig.state.inventory('shop')).map(({ hash }) => hash);

test('a correction puts back the rest alone', async () => {
  const rig = await tuned('1');
  const before = await hashes(rig);
  rig.cluster.put(inStore(part({ value: 'by hand' })), 'somebody');
  await recordDrift(rig, [settings('1')]);
  expect(await rig.run(await rig.ask({ kind: 'drift', by: 'scan-1' }))).toMatchObject({ status: 'synced' });
  expect(data(rig)).toEqual({ value: '1', tuned: '9' });
  expect(await hashes(rig)).toEqual(before);
});

test('a rollback takes back the rest alone', async () => {
  const rig = await tuned('1', '2');
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
  expect(data(rig)).toEqual({ value: '1', tuned: '9' });
});

test('a push deploys the rest, and the next one, which changes nothing of it, asks nothing about it', async () => {
  const rig = await tuned('1');
  expect(await rig.deploy(settings('2'))).toMatchObject({ status: 'synced' });
  expect(data(rig)).toEqual({ value: '2', tuned: '9' });
  rig.requests();
  const other = { ...settings('1'), metadata: { name: 'b' } };
  expect(await rig.deploy(settings('2'), other)).toMatchObject({ status: 'synced' });
  expect(rig.requests().filter((request) => request.endsWith('store/a'))).toEqual([]);
});
