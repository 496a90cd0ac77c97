// S6: every object of an application as it is recorded, and as it is now.
import { listLiveObjects } from '../../../lib/inspect/live-objects.ts';
import { listObjects, type ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { configMap, deployment, inStore } from '../drift/drift-rig.ts';
import { configMap as annotatedMap } from '../sync/rig.ts';
import { withInspectRig } from './inspect-rig.ts';

const rigs = withInspectRig();
const page = { limit: 5_000 };

const rowsOf = ({ items }: ObjectList): readonly string[] =>
  items.map(({ kind, name, sync, health }) =>
    [`${kind}/${name}`, sync.status, ...(sync.difference ? [sync.difference] : []), health.status].join(' '),
  );

test('S6: what was deployed is Synced and Healthy, with the operation that changed it last', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.deploy(configMap('a', '2'), configMap('b'));
  const list = await listObjects('shop', page, rig.live);
  expect(rowsOf(list)).toEqual(['ConfigMap/a Synced Healthy', 'ConfigMap/b Synced Healthy']);
  expect(list.items.map(({ changed }) => [changed?.seq, changed?.action])).toEqual([
    [2, 'configured'],
    [1, 'created'],
  ]);
  expect(list.unscanned).toMatch(/^not scanned yet; /);
  expect(list.items[0]?.createdAt).toBeDefined();
});

test('S6: drift is told object by object, with since when', async () => {
  const rig = await rigs.open();
  await rig.handle({ mode: 'report' });
  await rig.deploy(configMap('a'), configMap('b'), configMap('c'));
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  const { labels = {} } = rig.cluster.find('ConfigMap/store/c').metadata;
  rig.cluster.put({ ...configMap('x'), metadata: { name: 'x', namespace: 'store', labels } });
  await rig.scan();
  const list = await listObjects('shop', page, rig.live);
  expect(rowsOf(list)).toEqual([
    'ConfigMap/a OutOfSync modified Healthy',
    'ConfigMap/b OutOfSync missing Missing',
    'ConfigMap/c Synced Healthy',
    'ConfigMap/x OutOfSync extra Unknown',
  ]);
  expect(list.items[0]?.sync).toMatchObject({ fields: 1, since: expect.any(String) });
  const live = await listLiveObjects('shop', page, rig.live);
  expect(rowsOf(live)).toEqual(rowsOf(list));
  expect(live.items[3]?.health.message).toBe('no operation has deployed it');
});

test('S6: what is live now wins over what the last scan has recorded', async () => {
  const rig = await rigs.open();
  await rig.handle({ mode: 'report' });
  await rig.deploy(configMap('a'), configMap('b'));
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  await rig.scan();
  rig.cluster.put(inStore(configMap('a', '1')), 'driftless');
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  expect(rowsOf(await listLiveObjects('shop', page, rig.live))).toEqual([
    expect.stringMatching(/^ConfigMap\/a (Synced|OutOfSync takenOver|OutOfSync modified) Healthy$/),
    'ConfigMap/b OutOfSync missing Missing',
  ]);
});

test('S6: an unreachable cluster makes every object Unknown, since when and why', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.before = () => {
    throw Object.assign(new Error('connection refused'), { code: 'ApiServerUnreachable' });
  };
  await rig.scan();
  const { items } = await listObjects('shop', page, rig.live);
  expect(items).toMatchObject([
    { sync: { status: 'Unknown', since: expect.any(String) }, health: { status: 'Unknown' } },
  ]);
});

test('S6: what Git no longer has is pending deletion, with what keeps it', async () => {
  const rig = await rigs.open();
  await rig.configure({ prune: false });
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.deploy(configMap('a'));
  const { items } = await listObjects('shop', page, rig.live);
  expect(items.find(({ name }) => name === 'b')?.sync).toEqual({
    status: 'OutOfSync',
    difference: 'pendingDeletion',
    reason: 'Git no longer has it; sync.prune is off',
  });
});

test('S6: waves and guards are those of the object in Git', async () => {
  const rig = await rigs.open();
  await rig.deploy(
    annotatedMap('wave', '1', { 'argocd.argoproj.io/sync-wave': '-5' }),
    annotatedMap('kept', '1', { 'argocd.argoproj.io/sync-options': 'Prune=false' }),
    annotatedMap('quiet', '1', { 'driftless.dev/drift': 'report', 'driftless.dev/ignore-health': 'true' }),
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } },
  );
  const { items } = await listObjects('shop', page, rig.live);
  const byName = Object.fromEntries(items.map(({ name, wave, guards }) => [name, [wave, ...guards]]));
  expect(byName).toEqual({
    wave: [-5],
    kept: [0, 'prune-disabled'],
    quiet: [0, 'ignore-health', 'drift:report'],
    data: [0, 'protected'],
  });
});

test('S6: a Secret is its keys, and live the hash of what was applied; never a value', async () => {
  const rig = await rigs.open();
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys' },
    stringData: { b: 'hidden', a: 'hidden' },
  };
  await rig.deploy(secret);
  const recorded = await listObjects('shop', page, rig.live);
  expect(recorded.items).toMatchObject([{ keys: ['a', 'b'] }]);
  expect(recorded.items[0]?.appliedHash).toBeUndefined();
  const live = await listLiveObjects('shop', page, rig.live);
  expect(live.items).toMatchObject([{ keys: ['a', 'b'], appliedHash: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  expect(JSON.stringify([recorded, live])).not.toMatch(`hidden|${Buffer.from('hidden').toString('base64')}`);
});

test('S6: an operation that ended in the middle leaves what it was about to change Unknown', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask(), 'before APPLY ConfigMap/store/a').catch(() => undefined);
  const { items } = await listObjects('shop', page, rig.live);
  expect(items[0]?.sync.status).toMatch(/^(Unknown|Synced)$/);
});

test('S6: pages go on where the last one ended', async () => {
  const rig = await rigs.open();
  await rig.deploy(...['a', 'b', 'c'].map((name) => configMap(name)));
  const first = await listObjects('shop', { limit: 2 }, rig.live);
  expect([rowsOf(first).length, first.next]).toEqual([2, '/ConfigMap/store/b']);
  const second = await listObjects('shop', { limit: 2, after: first.next }, rig.live);
  expect([rowsOf(second), second.next]).toEqual([['ConfigMap/c Synced Healthy'], undefined]);
});

test('S6: 500 objects cost no request to the cluster, and less than half a second', async () => {
  const rig = await rigs.open();
  const objects = Array.from({ length: 500 }, (_, index) => configMap(`c-${index}`));
  await rig.deploy(...objects, deployment('web'));
  rig.requests();
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const begun = performance.now();
    expect((await listObjects('shop', page, rig.live)).items).toHaveLength(501);
    times.push(performance.now() - begun);
  }
  expect(rig.requests()).toEqual([]);
  expect(Math.min(...times)).toBeLessThan(500);
});
