// Integers that a double would round, from Git to the cluster and back.
import { widget, withRig } from './rig.ts';

const rigs = withRig();

const withId = (id: bigint | number) => ({ ...widget('w'), spec: { id } });

test('an integer above 2^53 is applied, stored and compared with all of its digits', async () => {
  const rig = await rigs.open();
  expect(await rig.deploy(withId(9007199254740993n))).toMatchObject({ status: 'synced' });
  expect(rig.cluster.find('Widget/store/w')).toMatchObject({ spec: { id: 9007199254740993n } });
  expect(await rig.deploy(withId(9007199254740993n))).toMatchObject({ status: 'unchanged' });
  expect(await rig.deploy(withId(9007199254740992))).toMatchObject({ status: 'synced', message: '1 configured' });
});

test('a rollback from another process brings the digits back, and a rendering of them stays held', async () => {
  const rig = await rigs.open();
  await rig.deploy(withId(9007199254740993n));
  await rig.deploy(withId(9223372036854775807n));
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
  expect(rig.cluster.find('Widget/store/w')).toMatchObject({ spec: { id: 9007199254740993n } });
  rig.commit(withId(9223372036854775807n));
  expect(await rig.run(await rig.ask())).toMatchObject({ error: { code: 'RevisionHeld' } });
});
