import { DriftlessError } from '../../../../lib/errors.ts';
import type { Acquisition, Lease } from '../../../../lib/model/application-record.ts';
import type { StateStore } from '../../../../lib/ports/store.ts';
import { LeaseKeeper } from '../../../../lib/sync/operation/lease-keeper.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { applicationOf } from '../../render/fixture.ts';

const LEASE: Lease = { app: 'shop', seq: 2, fence: 5, expiresAt: '2026-01-01T00:01:00.000Z' };
const RECORD = { app: applicationOf({}), specHash: 'h', desiredSeq: 2 };
const LOST = expect.objectContaining({ code: 'LeaseLost' });

/** A keeper, its clock, and its requests to the state table; each answer takes `latencyMs`. */
function open(answers: { acquire?: Acquisition; desiredSeq?: number; latencyMs?: number } = {}) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const started: string[] = [];
  const world = { desiredSeq: 2, latencyMs: 0, renewal: undefined as Error | undefined, ...answers };
  const acquired: Acquisition = { status: 'acquired', lease: LEASE, record: RECORD };
  const state: Pick<StateStore, 'acquire' | 'renew'> = {
    acquire: async (app, seq, seconds) => {
      asked.push(`acquire ${app}-${seq} for ${seconds} s`);
      await clock.sleep(world.latencyMs);
      return world.acquire ?? acquired;
    },
    renew: async (lease, seconds) => {
      asked.push(`renew ${lease.fence} for ${seconds} s`);
      await clock.sleep(world.latencyMs);
      if (world.renewal !== undefined) throw world.renewal;
      return { lease, desiredSeq: world.desiredSeq };
    },
  };
  const operations = { start: async (app: string, seq: number) => void started.push(`${app}-${seq}`) };
  const keeper = new LeaseKeeper({ app: 'shop', seq: 2 }, { state: state as StateStore, clock, operations });
  return { keeper, clock, asked, started, world };
}

test('the lease is taken once, with the application', async () => {
  const { keeper, asked } = open();
  expect(await keeper.take()).toEqual({ status: 'held', lease: LEASE, superseded: false });
  expect(await keeper.application()).toEqual(RECORD);
  expect(await keeper.need()).toEqual(LEASE);
  expect(asked).toEqual(['acquire shop-2 for 60 s']);
});

test('reading the application takes the lease', async () => {
  const { keeper, asked } = open();
  expect(await keeper.application()).toEqual(RECORD);
  expect(asked).toEqual(['acquire shop-2 for 60 s']);
});

test('concurrent needs of the lease share one request', async () => {
  const { keeper, asked } = open();
  await Promise.all([keeper.need(), keeper.take(), keeper.application(), keeper.need()]);
  expect(asked).toEqual(['acquire shop-2 for 60 s']);
});

test('the lease is extended only where less than half of it is left', async () => {
  const { keeper, clock, asked } = open();
  await keeper.need();
  await clock.advance(19_900);
  await keeper.need();
  expect(asked).toEqual(['acquire shop-2 for 60 s']);
  await clock.advance(200);
  await keeper.need();
  expect(asked).toEqual(['acquire shop-2 for 60 s', 'renew 5 for 60 s']);
});

test('whether a newer operation waits is read again after a second', async () => {
  const { keeper, clock, world, asked } = open();
  await keeper.take();
  world.desiredSeq = 3;
  await clock.advance(1_000);
  expect(await keeper.take()).toEqual({ status: 'held', lease: LEASE, superseded: true });
  expect(asked).toEqual(['acquire shop-2 for 60 s', 'renew 5 for 60 s']);
});

test('nothing may be written before the lease is taken', () => {
  const { keeper } = open();
  expect(() => keeper.guard()).toThrow(LOST);
});

test('nothing may be written any more some time before the lease ends', async () => {
  const { keeper, clock } = open();
  await keeper.take();
  await clock.advance(50_000);
  expect(() => keeper.guard()).not.toThrow();
  await clock.advance(1);
  expect(() => keeper.guard()).toThrow(expect.objectContaining({ code: 'LeaseExpired' }));
});

test('the time is counted from before the request was sent', async () => {
  const { keeper, clock } = open({ latencyMs: 5_000 });
  const taken = keeper.take();
  await clock.advance(5_000);
  await taken;
  await clock.advance(45_001);
  expect(() => keeper.guard()).toThrow();
});

test('a clock that is set by hand moves no deadline', async () => {
  const { keeper, clock } = open();
  await keeper.take();
  clock.set(Date.UTC(2030, 0, 1));
  expect(() => keeper.guard()).not.toThrow();
  clock.set(Date.UTC(2000, 0, 1));
  await clock.advance(50_001);
  expect(() => keeper.guard()).toThrow();
});

test('an extension gives the whole time again, also after the deadline', async () => {
  const { keeper, clock } = open();
  await keeper.take();
  await clock.advance(55_000);
  await keeper.need();
  expect(() => keeper.guard()).not.toThrow();
});

test('once another worker has the lease nothing more is written, though time remains', async () => {
  const { keeper, clock, world } = open();
  await keeper.take();
  await clock.advance(25_000);
  world.renewal = new DriftlessError('LeaseLost', 'a higher fence exists');
  await expect(keeper.need()).rejects.toEqual(LOST);
  expect(() => keeper.guard()).toThrow(LOST);
  await expect(keeper.need()).rejects.toEqual(LOST);
});

test('a table that cannot be reached takes no time away', async () => {
  const { keeper, clock, world } = open();
  await keeper.take();
  await clock.advance(25_000);
  world.renewal = new DriftlessError('StateUnavailable', 'throttled');
  await expect(keeper.need()).rejects.toMatchObject({ code: 'StateUnavailable' });
  expect(() => keeper.guard()).not.toThrow();
  world.renewal = undefined;
  expect(await keeper.need()).toEqual(LEASE);
});

test('while another operation has the lease it is busy, and each attempt is a request', async () => {
  const { keeper, world, asked } = open({ acquire: { status: 'held', by: 1, expiresAt: LEASE.expiresAt } });
  expect(await keeper.take()).toEqual({ status: 'busy', by: 1 });
  await expect(keeper.need()).rejects.toEqual(LOST);
  delete world.acquire;
  expect(await keeper.take()).toMatchObject({ status: 'held' });
  expect(asked).toHaveLength(3);
});

test.each<[string, Acquisition, readonly string[]]>([
  ['starts its successor', { status: 'ended', successor: 3 }, ['shop-3']],
  ['starts nothing where nobody waits', { status: 'ended' }, []],
])('an operation that has ended %s', async (_what, acquire, successors) => {
  const { keeper, started } = open({ acquire });
  expect(await keeper.take()).toEqual({ status: 'ended' });
  expect(started).toEqual(successors);
  await expect(keeper.application()).rejects.toEqual(LOST);
});
