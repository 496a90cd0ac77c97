// The API server is away during an operation.
import type { Operation } from '../../../lib/model/operation.ts';
import { retryReached } from '../../../lib/operations/retry-reached.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, unreachable, withRig } from './rig.ts';

const rigs = withRig();

/** The server is away for so many requests from now on; what is recorded of the newest operation is looked at with each. */
function away(rig: Rig, requests = Number.POSITIVE_INFINITY): (Operation | undefined)[] {
  const seen: (Operation | undefined)[] = [];
  let left = requests;
  rig.cluster.before = async () => {
    seen.push(await rig.operation((await rig.state.application('shop'))?.desiredSeq ?? 0));
    left -= 1;
    if (left >= 0) throw unreachable();
  };
  return seen;
}

/** A scan has reached the cluster. */
async function scanned(rig: Rig): Promise<readonly string[]> {
  const before = rig.started.length;
  const records = await rig.state.applications();
  await retryReached(records, rig.ports);
  return rig.started.slice(before);
}

test('S14: status says at once what an operation tries again, and no longer once it gets on', async () => {
  const rig = await rigs.open();
  const seen = away(rig, 2);
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'synced' });
  const trouble = { code: 'ApiServerUnreachable', message: 'the API server does not answer' };
  expect(seen[0]).not.toHaveProperty('trouble');
  expect(seen[1]).toMatchObject({ trouble });
  expect(seen.at(-1)).not.toHaveProperty('trouble');
  expect(await rig.operation(1)).not.toHaveProperty('trouble');
});

test('S14: the reason is in the sync status beside the phase', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const reasons: (string | undefined)[] = [];
  rig.cluster.before = async () => {
    reasons.push((await getApplication('shop', rig.ports)).sync.reason);
    throw unreachable();
  };
  await rig.run(await rig.ask());
  expect(reasons[1]).toMatch(/^(render|plan), tries again since \S+: the API server does not answer$/);
});

test('S14: it is tried again as soon as a scan reaches the cluster', async () => {
  const rig = await rigs.open();
  away(rig);
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'failed' });
  away(rig, 0);
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  expect(await scanned(rig)).toEqual(['shop-2']);
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
  expect(await scanned(rig)).toEqual([]);
});

test('S14: a rollback that failed is repeated as it was ordered', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  away(rig);
  await rig.run(await rig.ask({ kind: 'rollback', by: 'ann' }));
  away(rig, 0);
  expect(await scanned(rig)).toEqual(['shop-4']);
  expect((await rig.operation(4))?.trigger).toEqual({ kind: 'rollback', by: 'ann' });
  expect(await rig.run(4)).toMatchObject({ status: 'rolledBack' });
});

test.each<[string, (rig: Rig) => Promise<unknown>]>([
  ['is suspended', (rig) => rig.state.suspend('shop', { reason: 'sale', at: new Date(rig.clock.now()).toISOString() })],
  ['has failed otherwise', (rig) => rig.runAnew(2)],
  ['has an operation that is newer', (rig) => rig.ask('manual')],
])('S14: an application that %s is left as it is', async (what, change) => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  if (what === 'has failed otherwise') {
    rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'no', causes: [] });
    await rig.deploy(configMap('a', '2'));
  } else {
    away(rig);
    await rig.deploy(configMap('a', '2'));
    await change(rig);
  }
  away(rig, 0);
  expect(await scanned(rig)).toEqual([]);
});
