// What is held is asked of Git's head: the state table knows neither what was pushed during a suspension, nor what is pushed after the command.

import { resumeApplication } from '../../../lib/commands/resume.ts';
import { rollBackApplication } from '../../../lib/commands/rollback.ts';
import { type SyncCommandPorts, syncApplication } from '../../../lib/commands/sync.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();
const MINUTE = 60_000;

const live = (rig: Rig): unknown => rig.cluster.find('ConfigMap/store/a').data;
const HELD = {
  code: 'RevisionHeld',
  message: expect.stringMatching(/^Application\/shop: its newest commit \w{7} was rolled back/),
};

/** The deployer's API where Git servers are in reach, as in `dev`. */
function inReach(rig: Rig): SyncCommandPorts {
  return rig.ports;
}

/** The deployer's API on AWS, which has no Git. */
function outOfReach(rig: Rig): SyncCommandPorts {
  const { git: _, ...ports } = rig.ports;
  return ports;
}

const REACH: readonly [string, (rig: Rig) => SyncCommandPorts][] = [
  ['with Git in reach', inReach],
  ['without Git', outOfReach],
  ['while the Git server is away', (rig) => ({ ...rig.ports, git: { resolve: gone } })],
];

const gone = (): Promise<never> => Promise.reject(new DriftlessError('GitUnreachable', 'no Git server'));

/** A commit is pushed while the application is suspended, deployed by a person, and rolled back. */
async function rolledBackWhileSuspended(): Promise<Rig> {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.state.suspend('shop', { reason: 'night of the sale', at: new Date(rig.clock.now()).toISOString() });
  rig.commit(configMap('a', '2'));
  const { seq } = await syncApplication('shop', {}, rig.ports);
  expect(await rig.run(seq)).toMatchObject({ status: 'synced' });
  const back = await rollBackApplication('shop', {}, rig.ports);
  expect(await rig.run(back.seq)).toMatchObject({ status: 'rolledBack' });
  return rig;
}

/** The same, and resumed, which requests nothing; an operation of the configuration finds the head held. */
async function resumed(): Promise<Rig> {
  const rig = await rolledBackWhileSuspended();
  const held = (await rig.state.application('shop'))?.held?.at(0)?.revision;
  expect(await resumeApplication('shop', {}, rig.ports)).toMatchObject({ app: 'shop', held });
  expect(await rig.run(await rig.ask('config'))).toMatchObject({ status: 'refused', error: { code: 'RevisionHeld' } });
  return rig;
}

test.each(REACH)(
  'T6: sync answers RevisionHeld after a push in a suspension, a rollback and resume, %s',
  async (_case, reach) => {
    const rig = await resumed();
    await expect(syncApplication('shop', {}, reach(rig))).rejects.toMatchObject(HELD);
    const { seq } = await syncApplication('shop', { release: true }, reach(rig));
    expect(await rig.run(seq)).toMatchObject({ status: 'synced' });
    expect([live(rig), (await rig.state.application('shop'))?.held]).toEqual([{ value: '2' }, []]);
  },
);

test.each(REACH)('T6: also before it is resumed, %s', async (_case, reach) => {
  const rig = await rolledBackWhileSuspended();
  await expect(syncApplication('shop', {}, reach(rig))).rejects.toMatchObject(HELD);
});

test('T6: sync deploys a commit that was pushed in the suspension after the rollback', async () => {
  const rig = await rolledBackWhileSuspended();
  rig.commit(configMap('a', '3'));
  const { seq } = await syncApplication('shop', {}, inReach(rig));
  expect(await rig.run(seq)).toMatchObject({ status: 'synced' });
  expect(live(rig)).toEqual({ value: '3' });
});

test('T6: sync deploys the newest commit after one was deployed that no push had named', async () => {
  const rig = await rolledBackWhileSuspended();
  rig.commit(configMap('a', '3'));
  expect(await resumeApplication('shop', {}, rig.ports)).not.toHaveProperty('held');
  await rig.run((await rig.state.application('shop'))?.desiredSeq ?? 0);
  expect(live(rig)).toEqual({ value: '3' });
  const { seq } = await syncApplication('shop', {}, outOfReach(rig));
  expect(await rig.run(seq)).toMatchObject({ status: 'unchanged' });
});

test('T6: a branch that is set back to the held commit after the command is refused by the operation', async () => {
  const rig = await resumed();
  const held = (await rig.state.application('shop'))?.held?.at(0)?.revision ?? '';
  const other = rig.commit(configMap('a', '3'));
  const { seq } = await syncApplication('shop', {}, inReach(rig));
  const git = { ...rig.ports.git, resolve: async () => held };
  expect(await rig.run(seq, undefined, { git })).toMatchObject({
    status: 'refused',
    revision: held,
    error: { code: 'RevisionHeld' },
  });
  expect(live(rig)).toEqual({ value: '1' });
  expect(other).not.toBe(held);
});

test('T6: a commit that renders as the held one is refused by the operation of a sync, and deployed with release', async () => {
  const rig = await resumed();
  rig.commit(configMap('a', '2'));
  const kept = await syncApplication('shop', { by: 'ann' }, inReach(rig));
  expect(await rig.run(kept.seq)).toMatchObject({
    status: 'refused',
    message: expect.stringMatching(
      /is rendered as \w{7}, which is held since .*; push a fix, or sync it manually with --release/,
    ),
  });
  const released = await syncApplication('shop', { by: 'ann', release: true }, inReach(rig));
  expect(await rig.run(released.seq)).toMatchObject({ status: 'synced' });
});

test('T6: an operation that replaces a sync without a worker keeps the commit held', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.commit(configMap('a', '2'));
  const before = await syncApplication('shop', {}, rig.ports);
  await rig.run(before.seq);
  const waiting = await syncApplication('shop', {}, rig.ports);
  const held = (await rig.operation(before.seq))?.revision ?? '';
  await rig.state.hold('shop', [
    { revision: held, reason: 'rolled back', at: new Date(rig.clock.now()).toISOString() },
  ]);
  await rig.clock.advance(7 * MINUTE);
  await sweep(rig.ports);
  expect(await rig.operation(waiting.seq + 1)).toMatchObject({
    trigger: { kind: 'manual', by: 'sweep', keepsHeld: true },
  });
  expect(await rig.run(waiting.seq + 1)).toMatchObject({ status: 'refused', error: { code: 'RevisionHeld' } });
});
