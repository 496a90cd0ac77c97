// An embedded cluster keeps nothing: what was in the one before is deployed again, or found to be missing, and never taken for synced.
import assert from 'node:assert';
import { settleIn } from '../../cli/dev/programs/new-cluster.ts';
import { configMap, withDriftRig } from '../lib/drift/drift-rig.ts';

const rigs = withDriftRig();

test.each([
  ['auto', 'config'],
  ['manual', undefined],
] as const)('with sync.mode %s, a new cluster leads to the operation %s before the scan', async (mode, kind) => {
  const rig = await rigs.open();
  const destination = { cluster: 'local', namespace: 'store' };
  await rig.configure({}, { destination });
  await rig.deploy(configMap('a'));
  await rig.configure({ mode }, { destination });
  const before = (await rig.state.application('shop'))?.desiredSeq ?? 0;
  rig.cluster.identify('another');
  const embedded = { current: () => assert.fail('is not asked'), onBack: () => undefined };
  const settled = await settleIn(embedded, { ...rig.drift, projects: rig.ports.projects });
  expect(settled.notice.notice).toMatch(/Application\/shop was there/);
  await settled.deployAnew();
  const newest = await rig.state.operation('shop', before + 1);
  expect(newest?.trigger.kind).toBe(kind);
  expect((await rig.record())?.status).toBe('Unknown');
});
