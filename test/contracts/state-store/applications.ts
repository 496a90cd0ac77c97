import {
  APPLICATION_UNKNOWN,
  acquired,
  anApplication,
  endOf,
  failureOf,
  type Open,
  PUSH,
  withShop,
} from './fixtures.ts';

export function applicationContract(open: Open): void {
  test('an application that was put is read back whole', async () => {
    const { store } = await open();
    const app = anApplication('shop');
    await store.putApplication(app, 'hash-1');
    expect(await store.application('shop')).toEqual({ app, specHash: 'hash-1', specSeq: 0, desiredSeq: 0 });
  });

  test('an application that was never put is undefined', async () => {
    const { store } = await open();
    expect(await store.application('shop')).toBeUndefined();
  });

  test('putting tells whether anything changed', async () => {
    const { store } = await open();
    const app = anApplication('shop');
    expect([
      await store.putApplication(app, 'hash-1'),
      await store.putApplication(app, 'hash-1'),
      await store.putApplication(app, 'hash-2'),
    ]).toEqual(['created', 'unchanged', 'configured']);
  });

  test('a new specification keeps sequence, lease, history and inventory', async () => {
    const { store, clock } = await withShop(open);
    const lease = await acquired({ store });
    await store.putInventory(lease, []);
    const app = anApplication('shop', { ref: 'release' });
    await store.putApplication(app, 'hash-2');
    expect(await store.application('shop')).toEqual({
      app,
      specHash: 'hash-2',
      specSeq: 1,
      desiredSeq: 1,
      desiredRevision: 'a'.repeat(40),
      lease: { app: 'shop', seq: 1, fence: 1, expiresAt: new Date(clock.now() + 60_000).toISOString() },
      inventory: { generation: expect.any(Number), chunks: 1 },
    });
    expect(await store.operations('shop', 9)).toHaveLength(1);
  });

  test('all applications are listed by name', async () => {
    const { store } = await open();
    for (const name of ['shop', 'blog', 'cart']) await store.putApplication(anApplication(name), 'hash');
    expect((await store.applications()).map(({ app }) => app.name)).toEqual(['blog', 'cart', 'shop']);
  });

  test('more applications than one request can read are listed', async () => {
    const { store } = await open();
    const names = Array.from({ length: 105 }, (_, i) => `app-${String(i).padStart(3, '0')}`);
    await Promise.all(names.map((name) => store.putApplication(anApplication(name), 'hash')));
    expect((await store.applications()).map(({ app }) => app.name)).toEqual(names);
  });

  test.each([
    ['the address that is configured', 'https://github.com/acme/shop'],
    ['its clone address', 'https://github.com/Acme/Shop.git'],
    ['its scp form', 'git@github.com:acme/shop.git'],
    ['its normalized key, as push events have it', 'github.com/acme/shop'],
  ])('the applications of a repository are found by %s', async (_form, address) => {
    const { store } = await open();
    await store.putApplication(anApplication('shop'), 'hash');
    await store.putApplication(anApplication('shop-eu'), 'hash');
    await store.putApplication(anApplication('blog', { repo: 'https://github.com/acme/blog' }), 'hash');
    expect((await store.applicationsOfRepo(address)).map(({ app }) => app.name)).toEqual(['shop', 'shop-eu']);
  });

  test('an application that moved to another repository is found there only', async () => {
    const { store } = await withShop(open);
    await store.putApplication(anApplication('shop', { repo: 'https://gitlab.com/acme/shop' }), 'hash-2');
    expect(await store.applicationsOfRepo('https://github.com/acme/shop')).toEqual([]);
    expect(await store.applicationsOfRepo('https://gitlab.com/acme/shop')).toHaveLength(1);
  });

  describe('an application that was removed', () => {
    test('is in no list, and nothing can be asked of it', async () => {
      const { store } = await withShop(open);
      await store.removeApplication('shop');
      expect(await store.application('shop')).toBeUndefined();
      expect(await store.applications()).toEqual([]);
      expect(await store.applicationsOfRepo('https://github.com/acme/shop')).toEqual([]);
      expect(await failureOf(store.request('shop', { trigger: PUSH }))).toEqual(APPLICATION_UNKNOWN);
    });

    test('comes back by being put again, with its history', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.conclude(lease, endOf(lease));
      await store.removeApplication('shop');
      expect(await store.putApplication(anApplication('shop'), 'hash-1')).toBe('created');
      expect(await store.application('shop')).toMatchObject({ specHash: 'hash-1', desiredSeq: 1 });
      expect(await store.request('shop', { trigger: { kind: 'manual' } })).toEqual({
        seq: 2,
        start: true,
        alreadyAsked: false,
      });
    });

    test('lets a running operation end, and a waiting one end as superseded', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.request('shop', { revision: 'b'.repeat(40), trigger: PUSH });
      await store.removeApplication('shop');
      expect(await store.conclude(lease, endOf(lease))).toEqual({});
      expect(await store.acquire('shop', 2, 60)).toEqual({ status: 'ended' });
      expect(await store.operation('shop', 2)).toMatchObject({ phase: 'done', outcome: { status: 'superseded' } });
    });
  });

  test('removing twice, or what never was, does nothing', async () => {
    const { store } = await withShop(open);
    await store.removeApplication('shop');
    await store.removeApplication('shop');
    await store.removeApplication('blog');
    expect(await store.applications()).toEqual([]);
  });
}
