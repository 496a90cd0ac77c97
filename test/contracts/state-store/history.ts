import { acquired, anApplication, endOf, leaseOf, type Open, PUSH, REV_A, withShop } from './fixtures.ts';

const OVERTAKEN = { status: 'superseded', message: 'a newer commit came' } as const;

export function historyContract(open: Open): void {
  test('an operation is read back as it was updated', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    const operation = { ...endOf(lease).operation, phase: 'apply' } as const;
    await store.updateOperation(lease, operation);
    expect(await store.operation('shop', 1)).toEqual(operation);
  });

  test('an operation that never was is undefined', async () => {
    const { store } = await withShop(open);
    expect(await store.operation('shop', 7)).toBeUndefined();
  });

  test.each([
    ['no more than the limit', 2, [12, 11]],
    ['all of them', 50, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ['none', 0, []],
  ])('the history has the newest first, and %s', async (_case, limit, seqs) => {
    const { store } = await withShop(open);
    for (let i = 0; i < 12; i += 1) await store.request('shop', { trigger: { kind: 'manual' } });
    expect((await store.operations('shop', limit)).map(({ seq }) => seq)).toEqual(seqs);
  });

  test('the newest operations of applications are read together, and applications by their names', async () => {
    const { store } = await withShop(open);
    await store.putApplication(anApplication('blog'), 'hash');
    await store.putApplication(anApplication('cart'), 'hash');
    for (let i = 0; i < 2; i += 1) await store.request('shop', { trigger: { kind: 'manual' } });
    await store.request('blog', { trigger: PUSH });
    const newest = await store.newestOperations(await store.applications());
    expect([...newest].map(([app, { seq }]) => `${app} ${seq}`).toSorted()).toEqual(['blog 1', 'shop 2']);
    expect(newest.get('shop')).toEqual(await store.operation('shop', 2));
    const named = await store.applications(['shop', 'cart', 'gone']);
    expect(named.map(({ app }) => app.name)).toEqual(['cart', 'shop']);
  });

  test('the history of one application does not hold that of another whose name begins alike', async () => {
    const { store } = await withShop(open);
    await store.putApplication(anApplication('shop-eu'), 'hash');
    await store.request('shop-eu', { trigger: PUSH });
    expect(await store.operations('shop', 10)).toEqual([]);
  });

  test('older operations that are open are superseded; those that ended keep their outcome', async () => {
    const { store, clock } = await withShop(open);
    const first = await acquired({ store });
    await store.conclude(first, endOf(first));
    for (let i = 0; i < 23; i += 1) await store.request('shop', { trigger: { kind: 'manual' } });
    const requestedAt = new Date(clock.now()).toISOString();
    const newest = await leaseOf(store, 24);
    await clock.advance(1000);
    await store.supersedeOlder(newest, OVERTAKEN);

    const pending = { app: 'shop', trigger: { kind: 'manual' }, phase: 'pending', requestedAt };
    const superseded = { ...pending, phase: 'done', outcome: OVERTAKEN, endedAt: new Date(clock.now()).toISOString() };
    expect(await store.operations('shop', 99)).toEqual([
      { ...pending, seq: 24 },
      ...Array.from({ length: 22 }, (_, i) => ({ ...superseded, seq: 23 - i })),
      endOf(first).operation,
    ]);
  });

  test('superseding twice changes nothing more', async () => {
    const { store, clock } = await withShop(open);
    await store.request('shop', { revision: REV_A, trigger: { kind: 'manual' } });
    const lease = await acquired({ store });
    await store.supersedeOlder(lease, OVERTAKEN);
    const before = await store.operations('shop', 9);
    await clock.advance(1000);
    await store.supersedeOlder(lease, { status: 'superseded', message: 'another reason' });
    expect(await store.operations('shop', 9)).toEqual(before);
  });
}
