import {
  acquired,
  aLastSync,
  anApplication,
  anInventory,
  endOf,
  failureOf,
  LEASE_LOST,
  LEASE_SECONDS,
  leaseOf,
  type Open,
  PUSH,
  REV_A,
  REV_B,
  withShop,
} from './fixtures.ts';

export function leaseContract(open: Open): void {
  test('the newest operation gets the lease, and the application with it', async () => {
    const { store, clock } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    const lease = { app: 'shop', seq: 1, fence: 1, expiresAt: new Date(clock.now() + 60_000).toISOString() };
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toEqual({
      status: 'acquired',
      lease,
      record: {
        app: anApplication('shop'),
        specHash: 'hash-1',
        specSeq: 0,
        desiredSeq: 1,
        desiredRevision: REV_A,
        lease,
      },
    });
  });

  test('a newer operation waits while an older one holds the lease', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    expect(await store.acquire('shop', 2, LEASE_SECONDS)).toEqual({
      status: 'held',
      by: 1,
      expiresAt: lease.expiresAt,
    });
  });

  test('a newer operation takes over when the lease has expired, and the old worker can write no more', async () => {
    const { store, clock } = await withShop(open);
    const old = await acquired({ store });
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    await clock.advance(LEASE_SECONDS * 1000);
    expect(await leaseOf(store, 2)).toMatchObject({ seq: 2, fence: 2 });
    const writes = [
      store.renew(old, LEASE_SECONDS),
      store.updateOperation(old, endOf(old).operation),
      store.putInventory(old, anInventory(1)),
      store.supersedeOlder(old, { status: 'superseded', message: '' }),
      store.conclude(old, endOf(old)),
    ];
    for (const failure of await Promise.all(writes.map(failureOf))) expect(failure).toEqual(LEASE_LOST);
    expect(await store.inventory('shop')).toEqual([]);
    expect(await store.operation('shop', 1)).toMatchObject({ phase: 'pending' });
  });

  test('an operation that was resumed after a crash gets its lease again, under a higher fence', async () => {
    const { store } = await withShop(open);
    const crashed = await acquired({ store });
    const resumed = await leaseOf(store, 1);
    expect([crashed.fence, resumed.fence]).toEqual([1, 2]);
    expect(await failureOf(store.updateOperation(crashed, endOf(crashed).operation))).toEqual(LEASE_LOST);
    await store.updateOperation(resumed, { ...endOf(resumed).operation, phase: 'plan' });
    expect(await store.operation('shop', 1)).toMatchObject({ phase: 'plan' });
  });

  test('an operation that another worker runs is taken up when its lease has expired, not before', async () => {
    const { store, clock, other } = await withShop(open);
    const lease = await acquired({ store });
    const held = { status: 'held', by: 1, expiresAt: lease.expiresAt };
    expect(await other('b').acquire('shop', 1, LEASE_SECONDS)).toEqual(held);
    await clock.advance(LEASE_SECONDS * 1000);
    const taken = await leaseOf(other('b'), 1);
    expect(taken).toMatchObject({ fence: 2, worker: 'b' });
    expect(await leaseOf(other('b'), 1)).toMatchObject({ fence: 3, worker: 'b' });
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toMatchObject({ status: 'held', by: 1 });
    expect(await failureOf(store.renew(lease, LEASE_SECONDS))).toEqual(LEASE_LOST);
  });

  test('fences never repeat, also not over operations and removal', async () => {
    const { store } = await withShop(open);
    const first = await acquired({ store });
    await store.conclude(first, endOf(first));
    await store.removeApplication('shop');
    await store.putApplication(anApplication('shop'), 'hash-1');
    expect(await acquired({ store }, REV_B)).toMatchObject({ seq: 2, fence: 2 });
  });

  test('an operation that a newer one has overtaken is ended, so that nothing stays pending', async () => {
    const { store } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: PUSH });
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toEqual({ status: 'ended', successor: 2 });
    expect(await store.operation('shop', 1)).toMatchObject({ phase: 'done', outcome: { status: 'superseded' } });
  });

  test('an operation that crashed and was overtaken gives its lease back and names its successor', async () => {
    const { store } = await withShop(open);
    const crashed = await acquired({ store });
    expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toMatchObject({ start: false });
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toEqual({ status: 'ended', successor: 2 });
    expect(await failureOf(store.conclude(crashed, endOf(crashed)))).toEqual(LEASE_LOST);
    expect(await store.acquire('shop', 2, LEASE_SECONDS)).toMatchObject({ status: 'acquired' });
    expect(await store.operation('shop', 1)).toMatchObject({ outcome: { status: 'superseded' } });
  });

  test('an operation that has ended cannot run again', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    const end = endOf(lease);
    await store.conclude(lease, end);
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toEqual({ status: 'ended' });
    expect(await store.operation('shop', 1)).toEqual(end.operation);
  });

  test('an operation that nobody asked for does not run', async () => {
    const { store } = await withShop(open);
    expect(await store.acquire('shop', 1, LEASE_SECONDS)).toEqual({ status: 'ended' });
  });

  test('renewing extends the lease and tells of a newer operation', async () => {
    const { store, clock } = await withShop(open);
    const lease = await acquired({ store });
    await clock.advance(30_000);
    await store.request('shop', { revision: REV_B, trigger: PUSH });
    const renewed = { ...lease, expiresAt: new Date(clock.now() + 60_000).toISOString() };
    expect(await store.renew(lease, LEASE_SECONDS)).toEqual({ lease: renewed, desiredSeq: 2 });
    expect(await store.application('shop')).toMatchObject({ lease: renewed });
  });

  test('an expired lease that nobody took is renewed under the same fence', async () => {
    const { store, clock } = await withShop(open);
    const lease = await acquired({ store });
    await clock.advance(LEASE_SECONDS * 2000);
    expect((await store.renew(lease, LEASE_SECONDS)).lease.fence).toBe(lease.fence);
    expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toMatchObject({ start: false });
  });

  describe('concluding', () => {
    test('records the end, the sync and the health, and gives the lease back', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      const health = { status: 'Healthy', message: '' } as const;
      const end = { ...endOf(lease), lastSync: aLastSync(1), health };
      expect(await store.conclude(lease, end)).toEqual({});
      expect(await store.operation('shop', 1)).toEqual(end.operation);
      expect(await store.application('shop')).toEqual({
        app: anApplication('shop'),
        specHash: 'hash-1',
        specSeq: 0,
        desiredSeq: 1,
        desiredRevision: REV_A,
        lastSync: aLastSync(1),
        health,
      });
    });

    test('without sync and health keeps those of before', async () => {
      const { store } = await withShop(open);
      const first = await acquired({ store });
      await store.conclude(first, {
        ...endOf(first),
        lastSync: aLastSync(1),
        health: { status: 'Healthy', message: '' },
      });
      const second = await acquired({ store }, REV_B);
      await store.conclude(second, endOf(second, 'failed'));
      expect(await store.application('shop')).toMatchObject({ lastSync: aLastSync(1), health: { status: 'Healthy' } });
    });

    test('names the newest operation that waits', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.request('shop', { revision: REV_B, trigger: PUSH });
      await store.request('shop', { trigger: { kind: 'manual' } });
      expect(await store.conclude(lease, endOf(lease))).toEqual({ successor: 3 });
    });

    test('a second time, after a crash, is answered as the first time', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.request('shop', { revision: REV_B, trigger: PUSH });
      await store.conclude(lease, endOf(lease));
      expect(await store.conclude(lease, endOf(lease))).toEqual({ successor: 2 });
    });

    test('leaves an expired lease that nobody took to its holder', async () => {
      const { store, clock } = await withShop(open);
      const lease = await acquired({ store });
      await clock.advance(LEASE_SECONDS * 2000);
      expect(await store.conclude(lease, endOf(lease))).toEqual({});
    });

    test('makes the next request the caller’s to start', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.conclude(lease, endOf(lease));
      expect(await store.request('shop', { revision: REV_B, trigger: PUSH })).toMatchObject({ seq: 2, start: true });
    });
  });
}
