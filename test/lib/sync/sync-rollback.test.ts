// A rollback deploys an earlier rendering without a Git server, and holds the commit that it undoes.
import { DriftlessError } from '../../../lib/errors.ts';
import type { GitSnapshot } from '../../../lib/ports/git.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

const gone = (): Promise<never> => Promise.reject(new DriftlessError('GitAccessDenied', 'no Git server'));
const WITHOUT_GIT: Partial<SyncPorts> = { git: { resolve: gone, open: gone } };

/** Two good deployments, `a` and `b` first, `a` changed and `c` new then. */
async function twice(): Promise<{ readonly rig: Rig; readonly first: string; readonly second: string }> {
  const rig = await rigs.open();
  const one = await rig.deploy(configMap('a'), configMap('b'));
  const two = await rig.deploy(configMap('a', '2'), configMap('b'), configMap('c'));
  return { rig, first: one?.revision ?? '', second: two?.revision ?? '' };
}

/** What is live, by its value. */
function live(rig: Rig): Readonly<Record<string, unknown>> {
  const objects = Object.entries(rig.cluster.contents()).filter(([ref]) => ref.startsWith('ConfigMap/'));
  return Object.fromEntries(objects.map(([ref, object]) => [ref.split('/').at(-1), 'data' in object && object.data]));
}

test('a rollback deploys the rendering before, prunes newer objects, and holds the commit, without a Git server', async () => {
  const { rig, first, second } = await twice();
  const seq = await rig.ask({ kind: 'rollback', by: 'shop-5xx', undo: second });
  expect(await rig.run(seq, undefined, WITHOUT_GIT)).toEqual({
    status: 'rolledBack',
    revision: first,
    message: `rolled back from ${second.slice(0, 7)} to ${first.slice(0, 7)}: 1 configured, 1 unchanged, 1 deleted`,
    health: { status: 'Healthy', message: '' },
  });
  expect(live(rig)).toEqual({ a: { value: '1' }, b: { value: '1' } });
  expect(await rig.state.application('shop')).toMatchObject({
    lastSync: { revision: first, seq, status: 'synced' },
    held: [{ revision: second, reason: 'rolled back by shop-5xx', at: expect.stringMatching(/^20/) }],
  });
  const [before, after] = [await rig.operation(1), await rig.operation(seq)];
  expect(after).toMatchObject({ trigger: { kind: 'rollback', undo: second }, renderedKey: before?.renderedKey });
});

test('a rollback that comes too late changes nothing', async () => {
  const { rig, second } = await twice();
  const third = await rig.deploy(configMap('a', '3'));
  rig.requests();
  const outcome = await rig.run(await rig.ask({ kind: 'rollback', undo: second }));
  expect(outcome).toMatchObject({
    status: 'unchanged',
    revision: third?.revision,
    message: expect.stringMatching(/^nothing was rolled back: commit \w{7} is no longer deployed, \w{7} is$/),
  });
  expect(rig.requests()).toEqual([]);
  expect((await rig.state.application('shop'))?.held ?? []).toEqual([]);
});

test('the first deployment cannot be rolled back', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({
    status: 'unchanged',
    message: 'nothing was rolled back: no earlier good deployment exists',
  });
});

test('a rollback is not rolled back to the commit that it undid; the fix after it rolls back to the same good commit', async () => {
  const { rig, first } = await twice();
  await rig.run(await rig.ask('rollback'));
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'unchanged', revision: first });
  expect(await rig.deploy(configMap('a', '3'))).toMatchObject({ status: 'synced' });
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack', revision: first });
});

test('a rollback during a rollout deploys the last good deployment and holds the commit under way', async () => {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  const first = await rig.deploy(widget('w'));
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Reconciling', object) : undefined);
  const second = rig.commit(widget('w', '2'));
  await rig.run(await rig.ask(), 'after the end of apply:0');
  const seq = await rig.ask({ kind: 'rollback', by: 'ann' });
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  expect(await rig.run(2)).toMatchObject({ status: 'superseded' });
  expect(await rig.run(seq)).toMatchObject({ status: 'rolledBack', revision: first?.revision });
  expect(rig.cluster.find('Widget/store/w')).toMatchObject({ spec: { value: '1' } });
  expect((await rig.state.application('shop'))?.held).toMatchObject([{ revision: second }]);
});

test('a rollback that is not healthy says so, and still holds the commit', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(widget('w'));
  await rig.deploy(widget('w', '2'));
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object, 'broken') : undefined);
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({
    status: 'degraded',
    message: expect.stringMatching(/^rolled back from .*; the application is degraded: Widget\/store\/w: broken$/),
  });
  expect(await rig.state.application('shop')).toMatchObject({
    lastSync: { revision: first?.revision, status: 'degraded' },
    held: [{ reason: 'rolled back' }],
  });
});

test('a degraded deployment is rolled back to the good one before it, and is never the target of a rollback', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(widget('w'));
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object, 'broken') : undefined);
  expect(await rig.deploy(widget('w', '2'))).toMatchObject({ status: 'degraded' });
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  expect(await rig.deploy(widget('w', '3'))).toMatchObject({ status: 'synced' });
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack', revision: first?.revision });
});

test('a commit that changes nothing takes the place of the one before, so that a rollback goes further back', async () => {
  const { rig, first } = await twice();
  const third = await rig.deploy(configMap('a', '2'), configMap('b'), configMap('c'));
  expect(third?.status).toBe('unchanged');
  const seq = await rig.ask({ kind: 'rollback', undo: third?.revision ?? '' });
  expect(await rig.run(seq)).toMatchObject({ status: 'rolledBack', revision: first });
});

test('many new objects do not keep a rollback from deleting them', async () => {
  const rig = await rigs.open();
  const many = Array.from({ length: 12 }, (_, n) => configMap(`c${n}`));
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a'), ...many);
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
  expect(live(rig)).toEqual({ a: { value: '1' } });
});

test('a rollback to a certain operation of the history deploys its rendering', async () => {
  const { rig, first } = await twice();
  await rig.deploy(configMap('a', '3'));
  const seq = await rig.ask({ kind: 'rollback', by: 'ann', toSeq: 1 });
  expect(await rig.run(seq, undefined, WITHOUT_GIT)).toMatchObject({ status: 'rolledBack', revision: first });
  expect(live(rig)).toEqual({ a: { value: '1' }, b: { value: '1' } });
});

test('a rollback to a held commit releases it, and holds nothing', async () => {
  const { rig, second } = await twice();
  await rig.run(await rig.ask('rollback'));
  expect(await rig.run(await rig.ask({ kind: 'rollback', toSeq: 2 }))).toMatchObject({ revision: second });
  expect((await rig.state.application('shop'))?.held).toEqual([]);
});

test.each([
  ['was refused', 3],
  ['does not exist', 17],
])('an operation that %s cannot be rolled back to', async (_, toSeq) => {
  const { rig, second } = await twice();
  rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'denied', causes: [] });
  await rig.deploy(configMap('a', '3'));
  expect(await rig.run(await rig.ask({ kind: 'rollback', toSeq }))).toMatchObject({
    status: 'unchanged',
    revision: second,
    message: `nothing was rolled back: operation ${toSeq} has no deployment to roll back to`,
  });
});

test('a commit whose stored rendering is missing is rendered again', async () => {
  const { rig, first } = await twice();
  const kept = new Map<string, Uint8Array>();
  const blobs = {
    put: async (key: string, bytes: Uint8Array) => void kept.set(key, bytes),
    get: async (key: string) => kept.get(key),
  };
  const opened: string[] = [];
  const open = async (repo: string, revision: string): Promise<GitSnapshot> => {
    opened.push(revision);
    return rig.ports.git.open(repo, revision);
  };
  const seq = await rig.ask('rollback');
  expect(await rig.run(seq, undefined, { blobs, git: { resolve: gone, open } })).toMatchObject({
    status: 'rolledBack',
  });
  expect([opened, live(rig)]).toEqual([[first], { a: { value: '1' }, b: { value: '1' } }]);
});
