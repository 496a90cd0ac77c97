// A push to the ref of applications that do not deploy by themselves.
import { getApplication } from '../../../lib/queries/application.ts';
import { noteHeads } from '../../../lib/triggers/note-heads.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();

async function noted(rig: Rig, ports: Partial<Rig['ports']> = {}) {
  await noteHeads(await rig.state.applications(), { ...rig.ports, ...ports });
  return (await getApplication('shop', rig.ports)).sync;
}

async function behind(): Promise<Rig> {
  const rig = await rigs.open({ mode: 'manual' });
  rig.commit(configMap('a'));
  await rig.run(await rig.ask('manual'));
  rig.commit(configMap('a', '2'));
  return rig;
}

test('S2: a push is seen at once where it waits for a person', async () => {
  const rig = await behind();
  expect(await noted(rig)).toMatchObject({
    status: 'OutOfSync',
    reason: expect.stringContaining('1 commit behind main'),
  });
});

test('S2: a Git server that does not answer in time does not hold up the forge, which the sweep makes up for', async () => {
  const rig = await behind();
  const git = { ...rig.ports.git, resolve: () => new Promise<never>(() => undefined) };
  const looked = noted(rig, { git });
  while ((await Promise.race([looked, rig.clock.advance(1_000).then(() => undefined)])) === undefined);
  expect(await looked).toEqual({ status: 'Synced' });
});

test('S4: a Git server that fails right after a push is not yet a lost source', async () => {
  const rig = await behind();
  const git = { ...rig.ports.git, resolve: () => Promise.reject(new Error('no')) };
  expect(await noted(rig, { git })).toEqual({ status: 'Synced' });
  expect((await rig.state.application('shop'))?.head?.problem).toBeUndefined();
});
