// What version 0.1.0 has written is read by this one, to the last field.
import { APPLICATIONS, SHOP_REVISIONS, withStateOf010 } from './state-of-0-1-0.ts';

const states = withStateOf010();
const [first, second, third, fourth] = SHOP_REVISIONS;
const AT = '2026-01-01T00:00:00.000Z';
const SCANNED_AT = '2026-01-01T00:01:00.000Z';
const HEALTHY = { status: 'Healthy', message: '' };
const BLOG = '6fc1a22f65a4ff894469fc38056cbf6fa7c5faf7';
const WIKI = '835bdc289ff59ddc2c48265e298e800e5a159e2d';

test('an application that was rolled back is read with all that was decided about it', async () => {
  const { state } = await states.open();
  const deployed = {
    revision: second,
    specHash: '6b487ec900704502bbd6cab1e9a4e55e',
    inputs: [{ path: 'deploy', oid: '63560ae1ecf14b403a16996c4c22aacabc3f759c' }],
    renderedKey: 'rendered/83f84298b34257364fe90ac4a8533c3b',
    status: 'synced',
  };
  expect(await state.application('shop')).toEqual({
    app: APPLICATIONS.shop,
    specHash: '6b487ec900704502bbd6cab1e9a4e55e',
    specSeq: 0,
    desiredSeq: 5,
    desiredRevision: fourth,
    lastSync: { ...deployed, seq: 5 },
    previous: { ...deployed, seq: 2 },
    deployment: { seq: 4, revision: fourth, at: AT, alarmsBefore: ['disk-full'] },
    held: [{ revision: fourth, reason: 'rolled back by shop-5xx', at: AT }],
    health: HEALTHY,
    inventory: { generation: 1767225609, chunks: 1 },
    needsIndex: true,
  });
});

test('an application that is suspended is read with its suspension', async () => {
  const { state } = await states.open();
  expect(await state.application('blog')).toEqual({
    app: APPLICATIONS.blog,
    specHash: '51795e801061831a35427dcd2ddf5db0',
    specSeq: 0,
    desiredSeq: 1,
    lastSync: {
      revision: BLOG,
      seq: 1,
      specHash: '51795e801061831a35427dcd2ddf5db0',
      inputs: [{ path: 'deploy', oid: '0b5b30a77904e74096726a32eb0fe0af4b961847' }],
      renderedKey: 'rendered/0ea643e596852bda82c2fcd8ee35dcb9',
      status: 'synced',
    },
    health: HEALTHY,
    suspended: { reason: 'freeze', by: 'ann', at: SCANNED_AT, until: '2026-01-02T00:00:00.000Z' },
    inventory: { generation: 1767225601, chunks: 1 },
    needsIndex: true,
  });
});

test('an application made from a chart, and one whose operation goes on, are read', async () => {
  const { state } = await states.open();
  expect(await state.application('wiki')).toEqual({
    app: APPLICATIONS.wiki,
    specHash: 'b378c1b893f060f4a3d70bf794bde566',
    specSeq: 0,
    desiredSeq: 1,
    lastSync: {
      revision: WIKI,
      seq: 1,
      specHash: 'b378c1b893f060f4a3d70bf794bde566',
      inputs: [{ path: 'chart', oid: 'eb6b99ef67535f69cb40048ce7410fe0503a38b4' }],
      renderedKey: 'rendered/3b34f9bde9c3e2f0a13399724025668b',
      status: 'synced',
    },
    health: HEALTHY,
    inventory: { generation: 1767225601, chunks: 1 },
    needsIndex: true,
  });
  expect(await state.application('cart')).toEqual({
    app: APPLICATIONS.cart,
    specHash: 'd69b436f514d4540977ea80927cb2d43',
    specSeq: 0,
    desiredSeq: 1,
    lease: { app: 'cart', seq: 1, fence: 1, expiresAt: '2026-01-01T00:02:00.000Z' },
    needsIndex: true,
  });
});

test('the indexes list all applications, those of a repository, and the cluster', async () => {
  const { state, log } = await states.open();
  const names = (records: Awaited<ReturnType<typeof state.applications>>) => records.map(({ app }) => app.name);
  expect(names(await state.applications())).toEqual(['blog', 'cart', 'shop', 'wiki']);
  expect(names(await state.applicationsOfRepo('https://git.test/acme/shop.git'))).toEqual(['cart', 'shop']);
  expect((await state.clusters()).map(({ cluster }) => cluster)).toEqual(['prod']);
  expect(log.lines).toEqual([]);
});

test('the history is read, the newest operation first', async () => {
  const { state } = await states.open();
  const operations = await state.operations('shop', 9);
  const refusal =
    '1 refused: Unheard/of: the cluster does not serve Unheard in v1; install its CRD first, or correct apiVersion and kind (deploy/all.yaml:6)';
  expect(
    operations.map(({ seq, trigger, revision, renderedKey, outcome }) => [
      seq,
      trigger,
      revision,
      renderedKey,
      outcome?.status,
      outcome?.message,
    ]),
  ).toEqual([
    [
      5,
      { kind: 'rollback', by: 'shop-5xx', undo: fourth },
      second,
      'rendered/83f84298b34257364fe90ac4a8533c3b',
      'rolledBack',
      'rolled back from 15c6460 to 9cd8c6b: 1 configured, 1 deleted',
    ],
    [
      4,
      { kind: 'push', by: 'delivery-1' },
      fourth,
      'rendered/b5d06ae2518633a82033fc644becd7ac',
      'synced',
      '1 created, 1 configured',
    ],
    [3, { kind: 'push', by: 'delivery-1' }, third, 'rendered/4787e4231b750680bff3dfab901006b4', 'refused', refusal],
    [
      2,
      { kind: 'push', by: 'delivery-1' },
      second,
      'rendered/83f84298b34257364fe90ac4a8533c3b',
      'synced',
      '1 configured, 1 deleted',
    ],
    [1, { kind: 'config' }, first, 'rendered/f4e605348dcfdd708a5597385dbd31c0', 'synced', '2 created'],
  ]);
});

test('an operation is read whole, one that has ended and one that goes on', async () => {
  const { state } = await states.open();
  expect(await state.operation('shop', 5)).toEqual({
    app: 'shop',
    seq: 5,
    trigger: { kind: 'rollback', by: 'shop-5xx', undo: fourth },
    phase: 'done',
    revision: second,
    plan: { created: 0, configured: 1, recreated: 0, unchanged: 0, deleted: 1, skipped: 0, refused: 0 },
    renderedKey: 'rendered/83f84298b34257364fe90ac4a8533c3b',
    changeSetKey: 'changes/shop/5',
    outcome: {
      status: 'rolledBack',
      message: 'rolled back from 15c6460 to 9cd8c6b: 1 configured, 1 deleted',
      revision: second,
      health: HEALTHY,
    },
    timings: { resolve: 0, render: 0, plan: 0, apply: 0, prune: 0 },
    requestedAt: AT,
    startedAt: AT,
    endedAt: AT,
  });
  expect(await state.operation('cart', 1)).toEqual({
    app: 'cart',
    seq: 1,
    trigger: { kind: 'config' },
    phase: 'pending',
    requestedAt: AT,
  });
});

test('inventories are read, each by itself and together', async () => {
  const { state } = await states.open();
  const entry = (namespace: string, name: string, hash: string, seen: { uid: string; resourceVersion: string }) => ({
    group: '',
    kind: 'ConfigMap',
    namespace,
    name,
    apiVersion: 'v1',
    hash,
    ...seen,
  });
  const shop = [entry('shop', 'web', '23fd3ea8a2b1980875cf69a954a79372', { uid: 'uid-6', resourceVersion: '13' })];
  const blog = [entry('blog', 'posts', 'b0ca3267acf81cee8c50989d46a7b074', { uid: 'uid-7', resourceVersion: '7' })];
  expect(await state.inventory('shop')).toEqual(shop);
  expect(await state.inventory('cart')).toEqual([]);
  const pointers = [
    { app: 'shop', generation: 1767225609, chunks: 1 },
    { app: 'blog', generation: 1767225601, chunks: 1 },
  ];
  expect(await state.inventories(pointers)).toEqual(
    new Map([
      ['shop', shop],
      ['blog', blog],
    ]),
  );
});
