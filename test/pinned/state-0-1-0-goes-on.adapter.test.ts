// A deployer of this version goes on with what version 0.1.0 has left: it asks for nothing that is done, and ends what was begun.
import { SHOP_REVISIONS, withStateOf010 } from './state-of-0-1-0.ts';
import type { World } from './world.ts';

const states = withStateOf010();
const [first, second, , fourth] = SHOP_REVISIONS;

/** The newest operation that was asked for, of each application. */
async function asked({ state }: World): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await state.applications()).map(({ app, desiredSeq }) => [app.name, desiredSeq]));
}

const ASKED = { blog: 1, cart: 1, shop: 5, wiki: 1 };

test('the same configuration, and a sweep, ask for no operation', async () => {
  const world = await states.open();
  expect(await world.follow()).toMatchObject({ status: 'unchanged' });
  await world.sweep();
  expect([world.started, await asked(world)]).toEqual([[], ASKED]);
});

test('the same configuration that another version reads anew asks for no operation', async () => {
  const world = await states.open();
  expect(await world.follow('99.0.0')).toMatchObject({ status: 'unchanged' });
  await world.sweep();
  expect([world.started, await asked(world)]).toEqual([[], ASKED]);
  expect(await world.config.current()).toMatchObject({
    readBy: '99.0.0',
    hash: '0d796b8050469028d25b756a12930c31',
    loaded: true,
  });
});

test('a commit that changes no input of an application asks for no operation', async () => {
  const world = await states.open();
  const chart = { 'chart/Chart.yaml': 'name: wiki\nversion: 1.0.0\n', 'chart/values.yaml': 'pages: 1\n' };
  world.commit('https://git.test/acme/wiki', { ...chart, 'README.md': 'new' });
  await world.sweep();
  expect([world.started, await asked(world)]).toEqual([[], ASKED]);
  world.commit('https://git.test/acme/wiki', { ...chart, 'chart/values.yaml': 'pages: 3\n' });
  await world.sweep();
  expect([world.started, await asked(world)]).toEqual([['wiki-2'], { ...ASKED, wiki: 2 }]);
});

test('an operation that had died after its plan goes on with the plan that was kept', async () => {
  const world = await states.open();
  expect(await world.run('cart', 1)).toEqual({
    status: 'synced',
    revision: fourth,
    message: '1 created',
    health: { status: 'Healthy', message: '' },
  });
  expect(world.journals.get('cart-1')?.map(({ name }) => name)).toEqual([
    'lease#0',
    'resolve',
    'render',
    'plan',
    'apply:0',
    'prune',
    'conclude',
  ]);
  expect(world.cluster.requests.filter((request) => request.startsWith('DRY-RUN'))).toEqual([]);
  expect(world.cluster.contents()).toHaveProperty(['ConfigMap/cart/basket']);
});

test('a person rolls back to an operation of then, from the rendering that was kept', async () => {
  const world = await states.open();
  expect(await world.deploy('shop', { kind: 'rollback', by: 'ann', toSeq: 1 })).toMatchObject({
    status: 'rolledBack',
    revision: first,
    message: `rolled back from ${second.slice(0, 7)} to ${first.slice(0, 7)}: 2 created`,
  });
  expect(await world.state.operation('shop', 6)).toMatchObject({
    renderedKey: 'rendered/f4e605348dcfdd708a5597385dbd31c0',
  });
});

test('a commit that is no longer held is deployed, from the rendering that was kept', async () => {
  const world = await states.open();
  await world.state.hold('shop', []);
  expect(await world.deploy('shop', { kind: 'manual', by: 'ann' })).toMatchObject({
    status: 'synced',
    revision: fourth,
  });
  expect(await world.state.operation('shop', 6)).toMatchObject({
    renderedKey: 'rendered/b5d06ae2518633a82033fc644becd7ac',
  });
});

test('a scan goes on from the record and the memory of then', async () => {
  const world = await states.open();
  await world.scan();
  const drift = await world.state.drift('blog');
  expect(drift).toMatchObject({ version: 2, status: 'Drifted', objects: [{ drift: 'missing', handling: 'report' }] });
  expect(await world.state.cluster('prod')).toMatchObject({ status: 'Reachable', orphans: [] });
});
