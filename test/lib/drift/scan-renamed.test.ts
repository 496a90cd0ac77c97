import { specHash } from '../../../lib/model/stored-application.ts';
import { configMap, withDriftRig } from './drift-rig.ts';

const rigs = withDriftRig();

const DAY = 24 * 60 * 60 * 1000;

test('D2: of an application with another name that nothing has deployed since, what is gone is missing, and no label has drifted', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  const { app } = (await rig.state.application('shop')) ?? {};
  if (app === undefined) throw new Error('shop is not configured');
  const renamed = { ...app, name: 'store' };
  await rig.state.renameApplication('shop', renamed, specHash(renamed));
  const { seq } = await rig.state.request('store', { trigger: { kind: 'config' } });
  const acquired = await rig.state.acquire('store', seq, 60);
  if (acquired.status !== 'acquired') throw new Error('store cannot be deployed');
  const operation = await rig.state.operation('store', seq);
  if (operation === undefined) throw new Error('the operation was never requested');
  await rig.state.conclude(acquired.lease, {
    operation: { ...operation, phase: 'done', outcome: { status: 'waiting', message: 'waits for 1 object' } },
  });
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  await rig.clock.advance(DAY);
  await rig.scan();
  expect((await rig.state.drift('store'))?.objects).toMatchObject([{ id: { name: 'b' }, drift: 'missing' }]);
  expect(await rig.state.clusters()).toMatchObject([{ orphans: [] }]);
});
