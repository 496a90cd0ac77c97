import { resumeApplication } from '../../../lib/commands/resume.ts';
import { rollBackApplication } from '../../../lib/commands/rollback.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { listOperations } from '../../../lib/queries/history.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();

/** Commits with these values are deployed, one after the other. */
async function deployed(...values: readonly string[]): Promise<Rig> {
  const rig = await rigs.open();
  for (const value of values) expect(await rig.deploy(configMap('a', value))).toMatchObject({ status: 'synced' });
  return rig;
}

async function rollBack(rig: Rig, toSeq?: number): Promise<unknown> {
  const { seq } = await rollBackApplication('shop', toSeq === undefined ? {} : { toSeq }, rig.ports);
  await rig.run(seq);
  return live(rig);
}

function live(rig: Rig): unknown {
  return (rig.cluster.contents()['ConfigMap/store/a'] as { readonly data: { readonly value: string } }).data.value;
}

function suspend({ state, clock }: Rig): Promise<void> {
  return state.suspend('shop', { reason: 'sale', at: new Date(clock.now()).toISOString() });
}

const IMPOSSIBLE = { code: 'RollbackImpossible' };

test('S8: rollback again and again goes one further back, until there is nothing', async () => {
  const rig = await deployed('1', '2', '3', '4');
  expect([await rollBack(rig), await rollBack(rig), await rollBack(rig)]).toEqual(['3', '2', '1']);
  await expect(rollBack(rig)).rejects.toMatchObject(IMPOSSIBLE);
  expect(live(rig)).toBe('1');
});

test('S8: status names what the next rollback goes back to, never what runs', async () => {
  const rig = await deployed('1', '2', '3');
  const commits = (await rig.state.operations('shop', 9)).map(({ revision }) => revision).toReversed();
  const seen = async () => {
    const { revision, previousRevision } = await getApplication('shop', rig.ports);
    return [commits.indexOf(revision), commits.indexOf(previousRevision)];
  };
  expect(await seen()).toEqual([2, 1]);
  await rollBack(rig);
  expect(await seen()).toEqual([1, 0]);
  await rollBack(rig);
  expect(await seen()).toEqual([0, -1]);
});

test('S8: it goes back from what runs, also after a rollback to an operation', async () => {
  const rig = await deployed('1', '2', '3', '4');
  expect([await rollBack(rig, 2), await rollBack(rig)]).toEqual(['2', '1']);
});

test('S8: a commit that changed nothing, and one that was refused, are no place to go back to', async () => {
  const rig = await deployed('1', '2');
  rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'no', causes: [] });
  expect(await rig.deploy(configMap('a', '3'))).toMatchObject({ status: 'refused' });
  rig.cluster.refuse('ConfigMap/store/a', undefined);
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask('manual'));
  await rig.deploy(configMap('a', '4'));
  expect([await rollBack(rig), await rollBack(rig)]).toEqual(['2', '1']);
});

test('S8: a fix that is deployed in between is where it goes back to next', async () => {
  const rig = await deployed('1', '2', '3');
  expect(await rollBack(rig)).toBe('2');
  await rig.deploy(configMap('a', '5'));
  await rig.deploy(configMap('a', '6'));
  expect([await rollBack(rig), await rollBack(rig)]).toEqual(['5', '2']);
});

test('S8: corrections of drift between rollbacks do not matter', async () => {
  const rig = await deployed('1', '2', '3');
  await rollBack(rig);
  await rig.run(await rig.ask('drift'));
  expect(await rollBack(rig)).toBe('1');
});

test('S8: what is left by rollbacks is held, all of it', async () => {
  const rig = await deployed('1', '2', '3');
  await rollBack(rig);
  await rollBack(rig);
  expect((await rig.state.application('shop'))?.held).toHaveLength(2);
  await rig.clock.advance(3_600_000);
  await sweep(rig.ports);
  expect(rig.started.at(-1)).toBe('shop-5');
});

test.each([
  ['was refused', 2],
  ['runs', 3],
])('S9: a rollback to an operation that %s is impossible, and says why', async (_how, seq) => {
  const rig = await deployed('1');
  rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'denied', causes: [] });
  await rig.deploy(configMap('a', '2'));
  await rig.ask('manual');
  const message = expect.stringContaining(seq === 2 ? 'denied' : 'it has not ended');
  await expect(rollBackApplication('shop', { toSeq: seq }, rig.ports)).rejects.toMatchObject({
    ...IMPOSSIBLE,
    message,
  });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
});

test('S9: resume deploys the newest commit and names it', async () => {
  const rig = await deployed('1');
  await suspend(rig);
  const head = rig.commit(configMap('a', '2'));
  const resumed = await resumeApplication('shop', { by: 'ann' }, rig.ports);
  expect(resumed).toEqual({ app: 'shop', next: 'deploys', head, operation: 'shop-2' });
  expect(await rig.run(2)).toMatchObject({ status: 'synced', revision: head });
  expect((await rig.operation(2))?.trigger).toEqual({ kind: 'resume', by: 'ann' });
});

test('S9: resume says that nothing happens where the newest commit is held, and nothing happens', async () => {
  const rig = await deployed('1', '2');
  await rollBack(rig);
  await suspend(rig);
  const head = await rig.ports.git.resolve('', '');
  const resumed = await resumeApplication('shop', {}, rig.ports);
  expect(resumed).toEqual({ app: 'shop', next: 'held', head, held: head, reason: 'rolled back' });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
});

test('S9: resume says that nothing is newer', async () => {
  const rig = await deployed('1');
  await suspend(rig);
  expect(await resumeApplication('shop', {}, rig.ports)).toMatchObject({ next: 'deployed' });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(1);
});

test('S9: resume leaves an application that is synced manually to a person', async () => {
  const rig = await deployed('1');
  await rig.configure({ mode: 'manual' });
  await suspend(rig);
  const head = rig.commit(configMap('a', '2'));
  expect(await resumeApplication('shop', {}, rig.ports)).toEqual({ app: 'shop', next: 'manual', head });
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(1);
});

test('S9: resume deploys again what failed, also where no commit is newer', async () => {
  const rig = await deployed('1');
  rig.cluster.before = () => {
    throw new Error('a defect');
  };
  await rig.run(await rig.ask('manual'));
  await suspend(rig);
  expect(await resumeApplication('shop', {}, rig.ports)).toMatchObject({ next: 'deploys', operation: 'shop-3' });
});

test('S9: without Git, resume names the commit that the sweep has seen', async () => {
  const rig = await deployed('1');
  await suspend(rig);
  const head = rig.commit(configMap('a', '2'));
  await sweep(rig.ports);
  const { git: _, ...ports } = rig.ports;
  expect(await resumeApplication('shop', {}, ports)).toMatchObject({ next: 'deploys', head });
});

test('S9: the history of a former name is found under the new one', async () => {
  const rig = await deployed('1');
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('it is configured');
  await rig.state.renameApplication('shop', { ...record.app, name: 'store' }, 'hash');
  await expect(listOperations('shop', 9, rig.ports)).rejects.toMatchObject({
    code: 'ApplicationUnknown',
    message: 'Application/shop: is called store now, which has its history',
  });
  expect(await listOperations('store', 9, rig.ports)).toMatchObject([{ seq: 1 }]);
});
