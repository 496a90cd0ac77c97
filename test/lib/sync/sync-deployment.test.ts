// What alarms find when they go off: the deployment that they watch over, what could be gone back to, and what is measured.

import { DriftlessError } from '../../../lib/errors.ts';
import type { Alarms } from '../../../lib/ports/notify.ts';
import type { Metrics } from '../../../lib/ports/runtime.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();
const MINUTE = 60_000;
const ROLLBACK = { rollback: { alarms: ['shop-5xx', 'shop-slow'], bakeTimeSeconds: 600 } };

async function watched(): Promise<Rig> {
  const rig = await rigs.open();
  await rig.configure({}, ROLLBACK);
  return rig;
}

function alarming(...names: readonly string[]): { readonly alarms: Alarms } {
  return { alarms: { inAlarm: async (asked) => asked.filter((name) => names.includes(name)) } };
}

const recordOf = (rig: Rig) => rig.state.application('shop');

/** A commit, a push and its operation, with other ports. */
async function deployWith(rig: Rig, ports: Partial<SyncPorts>, value: string) {
  rig.commit(configMap('a', value));
  return rig.run(await rig.ask(), undefined, ports);
}

test('a deployment of another commit is recorded before its first write, with the alarms that were in ALARM', async () => {
  const rig = await watched();
  await rig.deploy(configMap('a'));
  expect((await recordOf(rig))?.deployment).toBeUndefined();
  const revision = rig.commit(configMap('a', '2'));
  const seq = await rig.ask();
  expect(await rig.run(seq, 'before APPLY ConfigMap/store/a', alarming('shop-slow', 'other'))).toBeUndefined();
  const { deployment } = (await recordOf(rig)) ?? {};
  expect(deployment).toEqual({ seq, revision, at: expect.stringMatching(/^20/), alarmsBefore: ['shop-slow'] });
  await rig.clock.advance(MINUTE);
  expect(await rig.run(seq, undefined, alarming('shop-5xx'))).toMatchObject({ status: 'synced' });
  expect((await recordOf(rig))?.deployment).toEqual(deployment);
});

test('where alarms cannot be read all of them count as in ALARM, and the deployment goes on', async () => {
  const rig = await watched();
  await rig.deploy(configMap('a'));
  const alarms = { inAlarm: () => Promise.reject(new DriftlessError('StateUnavailable', 'throttled')) };
  expect(await deployWith(rig, { alarms }, '2')).toMatchObject({ status: 'synced' });
  expect((await recordOf(rig))?.deployment?.alarmsBefore).toEqual(['shop-5xx', 'shop-slow']);
  expect(rig.log.lines).toContainEqual(
    expect.objectContaining({ message: 'could not read alarms, so no alarm rolls back this deployment' }),
  );
});

test('without a port for alarms none is known to be in ALARM', async () => {
  const rig = await watched();
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  expect((await recordOf(rig))?.deployment).toMatchObject({ seq: 2, alarmsBefore: [] });
});

test('neither a sync of the same commit nor a rollback is a deployment that alarms watch over', async () => {
  const rig = await watched();
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'synced' });
  expect((await recordOf(rig))?.deployment?.seq).toBe(2);
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
  expect((await recordOf(rig))?.deployment?.seq).toBe(2);
});

test('a commit that changes nothing is watched over in place of the one before it, while that is in its bake time', async () => {
  const rig = await watched();
  await rig.deploy(configMap('a'));
  const second = await rig.deploy(configMap('a', '2'));
  const { deployment } = (await recordOf(rig)) ?? {};
  expect(deployment?.revision).toBe(second?.revision);
  const third = await rig.deploy(configMap('a', '2'));
  expect((await recordOf(rig))?.deployment).toEqual({ ...deployment, revision: third?.revision });
  await rig.clock.advance(10 * MINUTE + 1);
  expect(await rig.deploy(configMap('a', '2'))).toMatchObject({ status: 'unchanged' });
  expect((await recordOf(rig))?.deployment?.revision).toBe(third?.revision);
});

test('the last good deployment of another commit is kept to go back to', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(configMap('a'));
  expect((await recordOf(rig))?.previous).toBeUndefined();
  await rig.deploy(configMap('a', '2'));
  expect((await recordOf(rig))?.previous).toMatchObject({ revision: first?.revision, seq: 1 });
  await rig.deploy(configMap('a', '2'));
  await rig.run(await rig.ask('manual'));
  expect((await recordOf(rig))?.previous).toMatchObject({ revision: first?.revision, seq: 1 });
  const third = await rig.deploy(configMap('a', '3'));
  await rig.deploy(configMap('a', '4'));
  expect((await recordOf(rig))?.previous?.revision).toBe(third?.revision);
});

test('an operation that failed before it wrote anything makes no unchanged commit one to go back to', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  const git = { ...rig.ports.git, resolve: () => Promise.reject(new DriftlessError('GitAccessDenied', 'no')) };
  expect(await rig.run(await rig.ask('manual'), undefined, { git })).toMatchObject({ status: 'failed' });
  expect(await rig.deploy(configMap('a', '2'))).toMatchObject({ status: 'unchanged' });
  expect((await recordOf(rig))?.previous?.revision).toBe(first?.revision);
});

test('after an operation that stopped half-way, the commit before is kept to go back to, though nothing was left to write', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(configMap('a'));
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/b') throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  const objects = [configMap('a', '2'), configMap('b')];
  expect(await rig.deploy(...objects)).toMatchObject({ status: 'failed' });
  rig.cluster.before = () => undefined;
  const labels = { 'driftless.dev/app': 'shop' };
  rig.cluster.put({ ...configMap('b'), metadata: { name: 'b', namespace: 'store', labels } }, 'driftless');
  expect(await rig.deploy(...objects)).toMatchObject({ status: 'unchanged' });
  expect((await recordOf(rig))?.previous?.revision).toBe(first?.revision);
});

test('an operation is measured from its request; one that a gate refused has not failed', async () => {
  const rig = await rigs.open();
  const put: Parameters<Metrics['put']>[0][] = [];
  const metrics: Metrics = { put: (values) => void put.push(values) };
  rig.commit(configMap('a'));
  const seq = await rig.ask();
  await rig.clock.advance(2_500);
  await rig.run(seq, undefined, { metrics });
  rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'denied', causes: [] });
  await deployWith(rig, { metrics }, '2');
  await rig.state.suspend('shop', { reason: 'why', at: '2026-01-01T00:00:00.000Z' });
  await deployWith(rig, { metrics }, '3');
  await rig.state.suspend('shop', undefined);
  rig.commit(widget('w'));
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object) : undefined);
  await rig.run(await rig.ask(), undefined, { metrics });
  expect(put).toEqual([
    { syncSeconds: 2.5, syncsFailed: 0, applicationsDegraded: 0 },
    { syncSeconds: expect.any(Number), syncsFailed: 1, applicationsDegraded: 0 },
    { syncSeconds: expect.any(Number), syncsFailed: 0, applicationsDegraded: 0 },
    { syncSeconds: expect.any(Number), syncsFailed: 0, applicationsDegraded: 1 },
  ]);
});
