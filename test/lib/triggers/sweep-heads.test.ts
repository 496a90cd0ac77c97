// What the sweep finds out about the head of Git, and what status says of it.
import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap } from '../sync/rig.ts';
import { deployed, MINUTE, suspend, syncOf } from './sweep-rig.ts';

const DENIED: ApplyResult = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] };

test('S2: an application that is synced manually is behind, with the commits that are not deployed', async () => {
  const rig = await deployed({ mode: 'manual' });
  rig.commit(configMap('a', '2'));
  const head = rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  const short = head.slice(0, 7);
  expect(await syncOf(rig)).toMatchObject({
    status: 'OutOfSync',
    reason: `2 commits behind main: ${short} Ada: Change the shop; sync.mode is manual`,
    head: { revision: head, ahead: { count: 2, commits: [{ revision: head, author: 'Ada' }, {}] } },
  });
  await rig.run(await rig.ask('manual'));
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
});

test('S2: a suspension says who has suspended it, and until when', async () => {
  const rig = await deployed();
  await suspend(rig, { until: '2030-01-01T00:00:00.000Z' });
  const head = rig.commit(configMap('a', '2'));
  await sweep(rig.ports);
  const reason = `1 commit behind main: ${head.slice(0, 7)} Ada: Change the shop; suspended by ann until 2030-01-01T00:00:00.000Z: sale`;
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a commit that changes none of the files of the application leaves it Synced, and writes nothing', async () => {
  const rig = await deployed({ mode: 'manual' });
  const before = await rig.state.application('shop');
  rig.commit(configMap('a'));
  await sweep(rig.ports);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
  expect(await rig.state.application('shop')).toEqual(before);
});

test('S2: a sweep that finds the same head again writes nothing', async () => {
  const rig = await deployed({ mode: 'manual' });
  rig.commit(configMap('a', '2'));
  await sweep(rig.ports);
  const before = await rig.state.application('shop');
  await rig.clock.advance(5 * MINUTE);
  await sweep(rig.ports);
  expect(await rig.state.application('shop')).toEqual(before);
});

test('S2: another configuration that is not deployed is not Synced either', async () => {
  const rig = await deployed({ mode: 'manual' });
  await rig.configure({ mode: 'manual', prune: false });
  await sweep(rig.ports);
  const reason = 'its configuration has changed since; sync.mode is manual';
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a head that is set back by a forced push has diverged', async () => {
  const rig = await deployed({ mode: 'manual' });
  const first = await rig.ports.git.resolve('', '');
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask('manual'));
  Object.assign(rig.ports, { git: { ...rig.ports.git, resolve: async () => first } });
  await sweep(rig.ports);
  const reason = `diverged from main, which is an earlier commit ${first.slice(0, 7)}; sync.mode is manual`;
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a commit that was rolled back is ahead and held, at once', async () => {
  const rig = await deployed();
  const bad = rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await rig.run(await rig.ask({ kind: 'rollback', by: 'ann' }));
  const held = expect.stringMatching(/^behind main at [0-9a-f]{7}; held since \S+: rolled back by ann$/);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason: held, head: { revision: bad } });
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ reason: expect.stringContaining('1 commit behind main: ') });
  // Git takes it back: what runs is what Git has.
  rig.commit(configMap('a'));
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'Synced' });
});

test('S3: a correction of drift does not hide a refused head', async () => {
  const rig = await deployed();
  rig.cluster.refuse('ConfigMap/store/a', DENIED);
  const head = rig.commit(configMap('a', '2'));
  expect(await rig.run(await rig.ask())).toMatchObject({ status: 'refused' });
  rig.cluster.refuse('ConfigMap/store/a', undefined as never);
  const correction = await rig.ask('drift');
  const reason = expect.stringMatching(/behind main.*; refused: 1 refused: .*denied/);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason, head: { revision: head } });
  await rig.run(correction);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason, head: { revision: head } });
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('one question for each repository and ref, however many applications and modes; one more where the head has moved', async () => {
  const rig = await deployed({ mode: 'manual' });
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('it is configured');
  for (const name of ['blog', 'wiki']) await rig.state.putApplication({ ...record.app, name }, 'hash');
  rig.commit(configMap('a', '2'));
  const asked: string[] = [];
  const { git } = rig.ports;
  const counted = {
    ...git,
    resolve: (...args: Parameters<typeof git.resolve>) => asked.push('resolve') && git.resolve(...args),
    distance: (...args: Parameters<typeof git.distance>) => asked.push('distance') && git.distance(...args),
  };
  await sweep({ ...rig.ports, git: counted as typeof git });
  await sweep({ ...rig.ports, git: counted as typeof git });
  expect(asked).toEqual(['resolve', 'distance', 'resolve']);
});
