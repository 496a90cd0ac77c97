// Only a manual sync deploys a held commit or a suspended application.

import { applyConfig } from '../../../lib/config-repo/apply.ts';
import type { ApplicationRecord } from '../../../lib/model/application-record.ts';
import type { Trigger } from '../../../lib/model/operation.ts';
import type { GitSnapshot } from '../../../lib/ports/git.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { applicationOf } from '../render/fixture.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();
const MINUTE = 60_000;
const BY_ITSELF = ['push', 'sweep', 'config'] as const satisfies readonly Trigger['kind'][];

/** The second commit was rolled back, and is the head still. */
async function rolledBack(): Promise<{ readonly rig: Rig; readonly first: string; readonly held: string }> {
  const rig = await rigs.open();
  const first = await rig.deploy(configMap('a'));
  const second = await rig.deploy(configMap('a', '2'));
  await rig.run(await rig.ask({ kind: 'rollback', by: 'shop-5xx', undo: second?.revision ?? '' }));
  return { rig, first: first?.revision ?? '', held: second?.revision ?? '' };
}

async function suspended(rig: Rig, forMs?: number): Promise<void> {
  const now = rig.clock.now();
  const until = forMs === undefined ? {} : { until: new Date(now + forMs).toISOString() };
  await rig.state.suspend('shop', {
    reason: 'night of the sale',
    by: 'ann',
    at: new Date(now).toISOString(),
    ...until,
  });
}

async function sweepOnce(rig: Rig): Promise<readonly string[]> {
  const before = rig.started.length;
  await sweep(rig.ports);
  return rig.started.slice(before);
}

/** The commit has a README of its own in each folder. */
function withNewIds(snapshot: GitSnapshot): GitSnapshot {
  return { ...snapshot, oid: (path) => `${snapshot.oid(path)} with a README` };
}

const value = (rig: Rig): unknown => rig.cluster.find('ConfigMap/store/a').data;
const recordOf = async (rig: Rig): Promise<ApplicationRecord | undefined> => rig.state.application('shop');

test.each(BY_ITSELF)(
  'a held commit is not deployed by the trigger %s, and the operation says what to do',
  async (kind) => {
    const { rig, first, held } = await rolledBack();
    expect(await rig.run(await rig.ask(kind))).toMatchObject({
      status: 'refused',
      revision: held,
      message: expect.stringMatching(
        /^Application\/shop: commit \w{7} is held since .*: rolled back by shop-5xx; push a fix, or sync it manually/,
      ),
      error: { code: 'RevisionHeld', hint: expect.stringContaining('push a fix') },
    });
    expect(value(rig)).toEqual({ value: '1' });
    expect((await recordOf(rig))?.lastSync).toMatchObject({ revision: first, seq: 4 });
  },
);

test('a person deploys a held commit, which takes it off the list', async () => {
  const { rig, held } = await rolledBack();
  expect(await rig.run(await rig.ask({ kind: 'manual', by: 'ann' }))).toMatchObject({
    status: 'synced',
    revision: held,
  });
  expect([value(rig), (await recordOf(rig))?.held]).toEqual([{ value: '2' }, []]);
});

test('a fix is deployed, and the commit stays held', async () => {
  const { rig, held } = await rolledBack();
  expect(await rig.deploy(configMap('a', '3'))).toMatchObject({ status: 'synced' });
  expect((await recordOf(rig))?.held).toMatchObject([{ revision: held }]);
});

test('the next commit of a shared repository does not bring back what was rolled back', async () => {
  const { rig } = await rolledBack();
  const next = rig.commit(configMap('a', '2'));
  expect(await rig.run(await rig.ask())).toMatchObject({
    status: 'refused',
    revision: next,
    message: expect.stringMatching(/commit \w{7} is rendered as \w{7}, which is held since/),
    error: { code: 'RevisionHeld' },
  });
  expect(value(rig)).toEqual({ value: '1' });
  expect(await sweepOnce(rig)).toEqual([]);
});

test('also where the bad commit was deployed under another name since', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a', '2'));
  const same = await rig.deploy(configMap('a', '2'));
  await rig.run(await rig.ask({ kind: 'rollback', undo: same?.revision ?? '' }));
  rig.commit(configMap('a', '2'));
  expect(await rig.run(await rig.ask())).toMatchObject({ status: 'refused', error: { code: 'RevisionHeld' } });
});

test('nor does a commit that renders other files to the same objects', async () => {
  const { rig } = await rolledBack();
  rig.commit(configMap('a', '2'));
  const { open } = rig.ports.git;
  const git = {
    ...rig.ports.git,
    open: async (repo: string, revision: string) => withNewIds(await open(repo, revision)),
  };
  expect(await rig.run(await rig.ask(), undefined, { git })).toMatchObject({ error: { code: 'RevisionHeld' } });
  expect(value(rig)).toEqual({ value: '1' });
});

test('the sweep does not ask for a held commit', async () => {
  const { rig } = await rolledBack();
  await rig.clock.advance(60 * MINUTE);
  expect(await sweepOnce(rig)).toEqual([]);
});

test('a stale operation for a held commit makes way for one that is kept from deploying it, too', async () => {
  const { rig } = await rolledBack();
  await rig.run(await rig.ask(), 'before the end of resolve');
  await rig.clock.advance(7 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-4', 'shop-5']);
  expect(await rig.run(5)).toMatchObject({ status: 'refused', error: { code: 'RevisionHeld' } });
});

test.each([...BY_ITSELF, 'drift'] as const)(
  'a suspended application refuses the trigger %s, which was requested before',
  async (kind) => {
    const rig = await rigs.open();
    await rig.deploy(configMap('a'));
    rig.commit(configMap('a', '2'));
    const seq = await rig.ask(kind);
    await suspended(rig);
    rig.requests();
    expect(await rig.run(seq)).toMatchObject({
      status: 'refused',
      message: expect.stringMatching(/^Application\/shop: suspended by ann since .*: night of the sale; resume it/),
      error: { code: 'ApplicationSuspended' },
    });
    expect(rig.requests()).toEqual([]);
  },
);

test('a suspended application is synced and rolled back by a person', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await suspended(rig);
  rig.commit(configMap('a', '2'));
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'synced' });
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
});

test('when its time is over, the next sweep brings the head, also where its operation was ended before', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await suspended(rig, 10 * MINUTE);
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(10 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-3']);
  expect(await rig.run(3)).toMatchObject({ status: 'synced' });
  expect(await sweepOnce(rig)).toEqual([]);
});

test('a suspended application whose configuration changes is deployed by the sweep after it is resumed', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await suspended(rig);
  const base = applicationOf({ path: 'deploy', directory: { recurse: true } });
  await applyConfig([{ ...base, sync: { ...base.sync, prune: false } }], rig.ports);
  expect([rig.started, await sweepOnce(rig)]).toEqual([[], []]);
  await rig.state.suspend('shop', undefined);
  expect(await sweepOnce(rig)).toEqual(['shop-2']);
  expect(await rig.operation(2)).toMatchObject({ trigger: { kind: 'config', by: 'sweep' } });
});

test('an operation that was requested before sync.mode became manual deploys nothing', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const seq = await rig.ask();
  await rig.configure({ mode: 'manual' });
  expect(await rig.run(seq)).toMatchObject({ status: 'refused', error: { code: 'SyncModeManual' } });
});

test('a rollback that failed is tried again by the sweep, a Git server or not', async () => {
  const rig = await rigs.open({ mode: 'manual' });
  rig.commit(configMap('a'));
  await rig.run(await rig.ask('manual'));
  rig.commit(configMap('a', '2'));
  const bad = await rig.run(await rig.ask('manual'));
  rig.cluster.before = () => {
    throw new Error('the cluster is away');
  };
  const trigger = { kind: 'rollback', by: 'shop-5xx', undo: bad?.revision ?? '' } as const;
  expect(await rig.run(await rig.ask(trigger))).toMatchObject({ status: 'failed' });
  expect(await sweepOnce(rig)).toEqual([]);
  rig.cluster.before = () => undefined;
  await rig.clock.advance(5 * MINUTE + 1);
  expect(await sweepOnce(rig)).toEqual(['shop-4']);
  expect((await rig.operation(4))?.trigger).toEqual(trigger);
  expect(await rig.run(4)).toMatchObject({ status: 'rolledBack' });
});

test('a rollback that cannot be started again makes way for another one of the same kind', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const bad = await rig.deploy(configMap('a', '2'));
  await rig.run(
    await rig.ask({ kind: 'rollback', by: 'shop-5xx', undo: bad?.revision ?? '' }),
    'after the end of apply:0',
  );
  await rig.clock.advance(7 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-3', 'shop-4']);
  expect(await rig.run(4)).toMatchObject({ status: 'rolledBack' });
  expect((await recordOf(rig))?.held).toMatchObject([{ revision: bad?.revision, reason: 'rolled back by shop-5xx' }]);
});
