import { DriftlessError } from '../../../lib/errors.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { Git, GitLog, Permit } from '../../../lib/ports/git.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { applicationOf } from '../render/fixture.ts';
import { configMap, type Rig, unreachable, withRig } from '../sync/rig.ts';

const rigs = withRig();
const MINUTE = 60_000;

/** Sweeps, and gives what was started by it. */
async function sweepOnce(rig: Rig, ports: Partial<Rig['ports']> = {}): Promise<readonly string[]> {
  const before = rig.started.length;
  await sweep({ ...rig.ports, ...ports });
  return rig.started.slice(before);
}

test('a commit without a webhook is deployed, once', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  expect(await sweepOnce(rig)).toEqual([]);
  const revision = rig.commit(configMap('a', '2'));
  expect(await sweepOnce(rig)).toEqual(['shop-2']);
  expect(await rig.operation(2)).toMatchObject({ trigger: { kind: 'sweep', by: 'sweep' } });
  expect(await rig.run(2)).toMatchObject({ status: 'synced', revision });
  expect(await sweepOnce(rig)).toEqual([]);
});

test('a commit that does not concern the application starts nothing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.commit(configMap('a'));
  expect(await sweepOnce(rig)).toEqual([]);
});

test('an application that was configured and never requested is deployed', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  expect(await sweepOnce(rig)).toEqual(['shop-1']);
  expect(await rig.operation(1)).toMatchObject({ trigger: { kind: 'config', by: 'sweep' } });
});

test('an application that is synced manually is skipped', async () => {
  const rig = await rigs.open({ mode: 'manual' });
  rig.commit(configMap('a'));
  expect(await sweepOnce(rig)).toEqual([]);
});

test('an operation that was not started is started, and not requested again', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.ask();
  expect(await sweepOnce(rig)).toEqual(['shop-1']);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(1);
});

test('D9: what is left in a former cluster is looked at again after five minutes, then ever more rarely', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const b = new FakeCluster('store').identify('b');
  rig.named = (name) => {
    if (name !== 'b') throw unreachable();
    return b;
  };
  await rig.configure({}, { destination: { cluster: 'b', namespace: 'store' } });
  await rig.run(await rig.ask('config'));
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(6 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-3']);
  expect((await rig.run(3))?.message).toContain('1 left (ConfigMap/store/a: ');
  await rig.clock.advance(5 * MINUTE);
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(2 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-4']);
});

test('a running operation is skipped; one without a worker is started again', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask(), 'after the end of plan');
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(MINUTE + 1_000);
  expect(await sweepOnce(rig)).toEqual(['shop-1']);
  expect(await rig.run(1)).toMatchObject({ status: 'synced' });
});

test('an operation that cannot be started again makes way for a new one after some minutes', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask(), 'after the end of plan');
  await rig.clock.advance(7 * MINUTE);
  expect(await sweepOnce(rig)).toEqual(['shop-1', 'shop-2']);
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
  expect((await rig.operation(1))?.outcome).toMatchObject({ status: 'superseded' });
});

test('S11: an operation that failed is tried again after a minute, not before', async () => {
  const rig = await rigs.open();
  rig.cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'failed' });
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(MINUTE);
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(1);
  expect(await sweepOnce(rig)).toEqual(['shop-2']);
});

test('an operation that failed before it knew its commit is not tried again at once, either', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const git = { ...rig.ports.git, open: () => Promise.reject(new DriftlessError('GitAccessDenied', 'no')) };
  expect(await rig.run(await rig.ask(), undefined, { git })).toMatchObject({ status: 'failed' });
  expect(await sweepOnce(rig)).toEqual([]);
  await rig.clock.advance(5 * MINUTE + 1);
  expect(await sweepOnce(rig)).toEqual(['shop-2']);
});

test.each([['refused'], ['synced']])('an operation that was %s is not tried again', async (status) => {
  const rig = await rigs.open();
  if (status === 'refused') {
    rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'denied', causes: [] });
  }
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status });
  await rig.clock.advance(60 * MINUTE);
  expect(await sweepOnce(rig)).toEqual([]);
});

test('an unreachable repository is logged, and the others are swept', async () => {
  const rig = await rigs.open();
  const other: Application = { ...applicationOf({ repo: 'https://git.test/acme/blog', path: 'deploy' }), name: 'blog' };
  await rig.state.putApplication(other, 'hash');
  await rig.deploy(configMap('a'));
  await rig.state.request('blog', { trigger: { kind: 'config' } });
  const git = {
    ...rig.ports.git,
    resolve: async (repo: string, ref: string) => {
      if (repo.includes('shop')) throw new DriftlessError('GitUnreachable', 'no answer');
      return rig.ports.git.resolve(repo, ref);
    },
  };
  expect(await sweepOnce(rig, { git })).toEqual(['blog-1']);
  expect(rig.log.lines).toContainEqual({
    level: 'warn',
    message: 'could not sweep application',
    app: 'shop',
    code: 'GitUnreachable',
    reason: 'no answer',
  });
});

test('the head is asked with the limits of the project, for whatever its server redirects to', async () => {
  const rig = await rigs.open();
  rig.projects.projects = [
    {
      name: 'default',
      sourceRepos: ['**', '!https://git.test/evil/*'],
      destinations: [{ cluster: '*', namespace: '*' }],
    },
  ];
  await rig.deploy(configMap('a'));
  rig.commit(configMap('a', '2'));
  const judged: (string | undefined)[] = [];
  const judge = (permit: Permit | undefined) => judged.push(permit?.problem('https://git.test/evil/x')?.slice(0, 15));
  const git: Git & GitLog = {
    ...rig.ports.git,
    resolve: (repo, ref, permit) => {
      judge(permit);
      return rig.ports.git.resolve(repo, ref);
    },
    open: (repo, revision, permit) => {
      judge(permit);
      return rig.ports.git.open(repo, revision);
    },
  };
  expect(await sweepOnce(rig, { git })).toHaveLength(1);
  expect(judged).toEqual(['Project/default', 'Project/default']);
  expect(await rig.run(await rig.ask(), undefined, { git })).toMatchObject({ status: 'synced' });
  expect(new Set(judged)).toEqual(new Set(['Project/default']));
});

test('applications of one branch contact the Git server once', async () => {
  const rig = await rigs.open();
  for (const name of ['blog', 'shop', 'wiki']) {
    await rig.state.putApplication({ ...applicationOf({ path: 'deploy' }), name }, 'hash');
    await rig.state.request(name, { trigger: { kind: 'config' } });
    const acquired = await rig.state.acquire(name, 1, 60);
    if (acquired.status !== 'acquired') throw new Error(acquired.status);
    const operation = await rig.state.operation(name, 1);
    if (operation === undefined) throw new Error('no operation');
    await rig.state.conclude(acquired.lease, {
      operation: { ...operation, phase: 'done', revision: 'old', outcome: { status: 'synced', message: '' } },
    });
  }
  let asked = 0;
  const head = rig.commit(configMap('a'));
  const git = {
    ...rig.ports.git,
    resolve: async () => {
      asked += 1;
      return head;
    },
  };
  expect([...(await sweepOnce(rig, { git }))].toSorted()).toEqual(['blog-2', 'shop-2', 'wiki-2']);
  expect(asked).toBe(1);
});

test('two sweeps at once request one operation', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.commit(configMap('a', '2'));
  await Promise.all([sweepOnce(rig), sweepOnce(rig)]);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(2);
});

test('records that another version has written are indexed again, and a failure of that is logged', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const { state } = rig.ports;
  let fills = 0;
  const applications = async () =>
    (await state.applications()).map((record) => ({ ...record, needsIndex: true as const }));
  const fillIndexes = async () => {
    fills += 1;
    throw new DriftlessError('StateUnavailable', 'the table is away');
  };
  await sweepOnce(rig, { state: { ...state, fillIndexes } });
  expect(fills).toBe(0);
  await sweepOnce(rig, { state: { ...state, applications, fillIndexes } });
  expect(fills).toBe(1);
  expect(rig.log.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'could not index all applications', code: 'StateUnavailable' }),
  );
});
