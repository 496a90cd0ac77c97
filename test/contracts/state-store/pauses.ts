import type { HeldRevision } from '../../../lib/model/application-record.ts';
import {
  APPLICATION_UNKNOWN,
  acquired,
  aLastSync,
  anApplication,
  endOf,
  failureOf,
  LEASE_LOST,
  LEASE_SECONDS,
  type Open,
  REV_B,
  withShop,
} from './fixtures.ts';

const AT = '2026-01-01T00:00:00.000Z';
const SUSPENSION = { reason: 'migration of the database', by: 'ann', at: AT, until: '2026-01-02T00:00:00.000Z' };
const DEPLOYMENT = { seq: 1, revision: REV_B, at: AT, alarmsBefore: ['shop-latency'] };

const held = (size: number): readonly HeldRevision[] =>
  Array.from({ length: size }, (_, i) => ({ revision: String(i).repeat(40).slice(0, 40), reason: 'shop-5xx', at: AT }));

export function pauseContract(open: Open): void {
  test('a suspended application says why and until when, until it is resumed', async () => {
    const { store } = await withShop(open);
    await store.suspend('shop', SUSPENSION);
    expect((await store.application('shop'))?.suspended).toEqual(SUSPENSION);
    await store.suspend('shop', { reason: 'incident', at: AT });
    expect((await store.application('shop'))?.suspended).toEqual({ reason: 'incident', at: AT });
    await store.suspend('shop', undefined);
    expect(await store.application('shop')).not.toHaveProperty('suspended');
  });

  test('resuming what is not suspended does nothing', async () => {
    const { store } = await withShop(open);
    await store.suspend('shop', undefined);
    expect(await store.application('shop')).not.toHaveProperty('suspended');
  });

  test.each([
    ['none', 0, 0],
    ['two', 2, 0],
    ['ten', 10, 0],
    ['only the newest ten of twelve', 12, 2],
  ])('of held commits, %s are kept', async (_case, size, forgotten) => {
    const { store } = await withShop(open);
    await store.hold('shop', held(size));
    expect((await store.application('shop'))?.held).toEqual(held(size).slice(forgotten));
  });

  test('the end of an operation replaces the held commits and the deployment before, where it names them', async () => {
    const { store } = await withShop(open);
    const first = await acquired({ store });
    await store.conclude(first, { ...endOf(first), lastSync: aLastSync(1), previous: aLastSync(0), held: held(11) });
    const left = { lastSync: aLastSync(1), previous: aLastSync(0), held: held(11).slice(1) };
    expect(await store.application('shop')).toMatchObject(left);
    const second = await acquired({ store }, REV_B);
    await store.conclude(second, endOf(second, 'failed', REV_B));
    expect(await store.application('shop')).toMatchObject(left);
    const third = await acquired({ store }, REV_B);
    await store.conclude(third, { ...endOf(third, 'synced', REV_B), held: [] });
    expect(await store.application('shop')).toMatchObject({ ...left, held: [] });
  });

  test('a deployment is recorded by the holder of the lease, and stays until the next one', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    await store.putDeployment(lease, DEPLOYMENT);
    await store.conclude(lease, endOf(lease));
    expect((await store.application('shop'))?.deployment).toEqual(DEPLOYMENT);
    const next = await acquired({ store }, REV_B);
    await store.putDeployment(next, { ...DEPLOYMENT, seq: 2 });
    expect((await store.application('shop'))?.deployment).toEqual({ ...DEPLOYMENT, seq: 2 });
  });

  test('a deployment is not recorded by a worker that has lost its lease', async () => {
    const { store, clock } = await withShop(open);
    const old = await acquired({ store });
    await clock.advance(LEASE_SECONDS * 1000);
    await acquired({ store }, REV_B);
    expect(await failureOf(store.putDeployment(old, DEPLOYMENT))).toEqual(LEASE_LOST);
    expect(await store.application('shop')).not.toHaveProperty('deployment');
  });

  test('suspending and holding at once, while an operation runs, loses nothing', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    await Promise.all([
      store.suspend('shop', SUSPENSION),
      store.hold('shop', held(1)),
      store.putDeployment(lease, DEPLOYMENT),
      store.renew(lease, LEASE_SECONDS),
    ]);
    expect(await store.application('shop')).toMatchObject({
      suspended: SUSPENSION,
      held: held(1),
      deployment: DEPLOYMENT,
      lease: { fence: lease.fence },
    });
  });

  test('an application that was removed and comes back is neither suspended nor has held commits', async () => {
    const { store } = await withShop(open);
    await store.suspend('shop', SUSPENSION);
    await store.hold('shop', held(1));
    await store.removeApplication('shop');
    expect(await failureOf(store.suspend('shop', SUSPENSION))).toEqual(APPLICATION_UNKNOWN);
    await store.putApplication(anApplication('shop'), 'hash-1');
    const record = await store.application('shop');
    expect([record?.suspended, record?.held]).toEqual([undefined, undefined]);
  });

  test('nothing can be suspended or held of an unknown application', async () => {
    const { store } = await open();
    expect(await failureOf(store.suspend('shop', SUSPENSION))).toEqual(APPLICATION_UNKNOWN);
    expect(await failureOf(store.suspend('shop', undefined))).toEqual(APPLICATION_UNKNOWN);
    expect(await failureOf(store.hold('shop', []))).toEqual(APPLICATION_UNKNOWN);
  });
}
