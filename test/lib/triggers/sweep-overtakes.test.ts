// The sweep looks at Git whatever runs.
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig } from '../sync/rig.ts';
import { deployed, MINUTE, suspend } from './sweep-rig.ts';

test('S15: the sweep sees a newer commit while an operation waits, and overtakes it', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask(), 'after the end of apply:0');
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(2);
  const fix = rig.commit(configMap('a', '3'));
  await rig.clock.advance(MINUTE);
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
  expect(await rig.run(2)).toMatchObject({ status: 'superseded' });
  expect(await rig.run(3)).toMatchObject({ status: 'synced', revision: fix });
});

test.each<[string, (rig: Rig) => unknown]>([
  ['suspended', (rig) => suspend(rig)],
  ['synced manually', (rig) => rig.configure({ mode: 'manual' })],
])('S15: an application that is %s is told of it, and goes on', async (_how, close) => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask('manual'), 'after the end of apply:0');
  await close(rig);
  const head = rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  expect(await rig.state.application('shop')).toMatchObject({
    desiredSeq: 2,
    head: { revision: head, isChanged: true },
  });
});

test('S15: a rollback goes on whatever Git has', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await rig.run(await rig.ask('rollback'), 'after the end of apply:0');
  rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
});
