import type { Acquisition, Lease } from '../../../lib/model/application-record.ts';
import {
  acquired,
  anApplication,
  anInventory,
  endOf,
  LEASE_SECONDS,
  type Open,
  PUSH,
  REV_A,
  REV_B,
  withShop,
} from './fixtures.ts';

/** Pairs of workers that reach the store at the same moment; what any order of their requests leads to is a property of its own. */
export function raceContract(open: Open): void {
  test('requests at once each get a number of their own, and none is lost', async () => {
    const { store } = await withShop(open);
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => store.request('shop', { trigger: { kind: 'manual' } })),
    );
    const seqs = Array.from({ length: 12 }, (_, i) => i + 1);
    expect(asked.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(seqs);
    expect((await store.operations('shop', 99)).map(({ seq }) => seq)).toEqual(seqs.toReversed());
  });

  test('deliveries of one push at once ask for one operation', async () => {
    const { store } = await withShop(open);
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => store.request('shop', { revision: REV_A, trigger: PUSH })),
    );
    expect(asked.filter(({ alreadyAsked }) => !alreadyAsked)).toEqual([{ seq: 1, start: true, alreadyAsked: false }]);
    expect(asked.map(({ seq }) => seq)).toEqual([1, 1, 1, 1, 1]);
  });

  test('of two operations that want the lease at once, the newer one gets it', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    const results = await Promise.all([1, 2].map((seq) => store.acquire('shop', seq, LEASE_SECONDS)));
    expect(results).toMatchObject([{ status: 'ended' }, { status: 'acquired', lease: { seq: 2 } }]);
  });

  test('of two workers that resume one operation at once, exactly one can write', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    const leases = leasesOf(await Promise.all([1, 1].map((seq) => store.acquire('shop', seq, LEASE_SECONDS))));
    expect(leases.map(({ fence }) => fence).toSorted()).toEqual([1, 2]);
    const writes = leases.map((lease) => store.updateOperation(lease, { ...endOf(lease).operation, phase: 'plan' }));
    expect((await Promise.allSettled(writes)).map(({ status }) => status).toSorted()).toEqual([
      'fulfilled',
      'rejected',
    ]);
  });

  test('a request and the end of the running operation at once: one of the two starts the next operation', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    const [asked, concluded] = await Promise.all([
      store.request('shop', { revision: REV_B, trigger: PUSH }),
      store.conclude(lease, endOf(lease)),
    ]);
    expect([asked.start, concluded.successor === 2]).toContain(true);
    expect(asked.start).toBe(concluded.successor === undefined);
  });

  test('a specification that is put at the same moment as everything else is not lost', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    const app = anApplication('shop', { ref: 'release' });
    await Promise.all([
      store.putApplication(app, 'hash-2'),
      store.request('shop', { revision: REV_B, trigger: PUSH }),
      store.renew(lease, LEASE_SECONDS),
      store.putInventory(lease, anInventory(3)),
      store.updateOperation(lease, { ...endOf(lease).operation, phase: 'apply' }),
    ]);
    expect(await store.application('shop')).toMatchObject({
      app,
      specHash: 'hash-2',
      desiredSeq: 2,
      lease: { seq: 1 },
    });
    expect(await store.inventory('shop')).toEqual(anInventory(3));
    expect(await store.operation('shop', 1)).toMatchObject({ phase: 'apply' });
  });
}

function leasesOf(results: readonly Acquisition[]): readonly Lease[] {
  return results.flatMap((result) => (result.status === 'acquired' ? [result.lease] : []));
}
