// A deployer of this version goes on with what version 0.2.0 has left: it asks for nothing that is done, and ends what was begun.
import { join } from 'node:path';
import { withEmulator } from '../lib/state/emulator.ts';
import { readDump } from './dump.ts';
import { openWorld, type World } from './world.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/pinned/state-0.2.0');

const emulator = withEmulator('dynoxide');
const opened = async () => openWorld(await emulator.open(), readDump(FOLDER));

/** The newest operation that was asked for, of each application. */
async function asked({ state }: World): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await state.applications()).map(({ app, desiredSeq }) => [app.name, desiredSeq]));
}

const ASKED = { blog: 1, cart: 1, copy: 1, pages: 3, shop: 5 };

test.each(['0.1.0', '99.0.0'])(
  'the same configuration that version %s reads asks for no operation',
  async (version) => {
    const world = await opened();
    expect(await world.follow(version)).toMatchObject({ status: 'unchanged' });
    await world.sweep();
    // Of `pages`, an operation was requested and did not begin.
    expect([world.started, await asked(world)]).toEqual([['pages-3'], ASKED]);
  },
);

test('an application under another name has its history, and what it left in its former cluster', async () => {
  const { state } = await opened();
  expect(await state.application('wiki')).toBeUndefined();
  expect((await state.operations('pages', 10)).map(({ app, seq }) => `${app}-${seq}`)).toEqual([
    'pages-3',
    'pages-2',
    'wiki-1',
  ]);
  expect(await state.application('pages')).toMatchObject({
    formerly: [{ name: 'wiki', upToSeq: 1 }],
    moved: [{ cluster: 'prod', namespace: 'wiki', uid: 'kube-system' }],
  });
});

test('an application that waits for an object says so, and what it wants is left to it', async () => {
  const { state } = await opened();
  expect(await state.application('copy')).toMatchObject({ waiting: [{ gate: 'object' }] });
  const wanting = await state.neighbours({ repos: [], cluster: 'prod' });
  expect(wanting.map(({ app, wants }) => [app, wants])).toEqual([
    ['copy', [{ group: '', kind: 'ConfigMap', namespace: 'blog', name: 'posts' }]],
  ]);
});

test('an operation that had died after its plan goes on with the plan that was kept', async () => {
  const world = await opened();
  expect(await world.run('cart', 1)).toMatchObject({ status: 'synced', message: '1 created' });
  expect(world.cluster.requests.filter((request) => request.startsWith('DRY-RUN'))).toEqual([]);
  expect(world.cluster.contents()).toHaveProperty(['ConfigMap/cart/basket']);
});

test('a person rolls back to an operation of then, from the rendering that was kept', async () => {
  const world = await opened();
  expect(await world.deploy('shop', { kind: 'rollback', by: 'ann', toSeq: 1 })).toMatchObject({
    status: 'rolledBack',
    message: expect.stringMatching(/: 2 created$/),
  });
});
