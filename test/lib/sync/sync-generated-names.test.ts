// Hooks and Jobs that leave their name to us (Argo CD's own examples do): one name for each operation.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();

/** A Job as Git has it; its name is ours to give. */
const job = (annotations?: Readonly<Record<string, string>>, image = 'v1'): KubeObject => {
  const metadata: object = { generateName: 'migrate-', ...(annotations && { annotations }) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: { template: { image } },
    metadata: metadata as KubeObject['metadata'],
  };
};
const PRE = { 'argocd.argoproj.io/hook': 'PreSync' };

async function open(): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.controller = ({ kind }) => kind === 'Job' && { conditions: [{ type: 'Complete', status: 'True' }] };
  return rig;
}

const jobs = (rig: Rig): readonly string[] =>
  Object.keys(rig.cluster.contents()).filter((ref) => ref.startsWith('Job/'));
const writes = (rig: Rig): readonly string[] =>
  rig
    .requests()
    .filter((request) => /^(APPLY|DELETE) Job/.test(request))
    .map((request) => request.replace(/[0-9a-f]{8}$/, '…'));

test.each<[string, KubeObject]>([
  ['a hook', job(PRE)],
  ['a hook of Helm', job({ 'helm.sh/hook': 'pre-upgrade' })],
  ['a Job that is no hook', job()],
])(
  'P12: %s with generateName runs once for each operation that changes something, and the one before goes',
  async (_what, object) => {
    const rig = await open();
    expect(await rig.deploy(object, configMap('a'))).toMatchObject({ status: 'synced' });
    const [first] = jobs(rig);
    expect(first).toMatch(/^Job\/store\/migrate-[0-9a-f]{8}$/);
    rig.requests();
    expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'unchanged' });
    expect(writes(rig)).toEqual([]);

    await rig.deploy(object, configMap('a', '2'));
    expect(writes(rig)).toEqual(['APPLY Job/store/migrate-…', 'DELETE Job/store/migrate-…']);
    expect(jobs(rig)).toEqual([expect.stringMatching(/^Job\/store\/migrate-[0-9a-f]{8}$/)]);
    expect(jobs(rig)).not.toEqual([first]);
    expect((await rig.state.inventory('shop')).filter(({ kind }) => kind === 'Job')).toHaveLength(1);
  },
);

test.each(['HookSucceeded', 'BeforeHookCreation', 'HookSucceeded,BeforeHookCreation'])(
  'P12: with the policy %s no run is left beside another',
  async (policy) => {
    const rig = await open();
    const object = job({ ...PRE, 'argocd.argoproj.io/hook-delete-policy': policy });
    for (const value of ['1', '2', '2', '3']) {
      expect(await rig.deploy(object, configMap('a', value))).toMatchObject({
        status: expect.stringMatching(/^(synced|unchanged)$/),
      });
      expect(jobs(rig)).toHaveLength(policy.startsWith('HookSucceeded') ? 0 : 1);
    }
  },
);

test('P12: a rollback runs it again under another name', async () => {
  const rig = await open();
  await rig.deploy(job(PRE), configMap('a'));
  await rig.deploy(job(PRE), configMap('a', '2'));
  const before = jobs(rig);
  expect(await rig.run(await rig.ask('rollback'))).toMatchObject({ status: 'rolledBack' });
  expect(jobs(rig)).toHaveLength(1);
  expect(jobs(rig)).not.toEqual(before);
});

test('P12: an empty name is none', async () => {
  const rig = await open();
  const object = job(PRE);
  await rig.deploy({ ...object, metadata: { ...object.metadata, name: '' } });
  expect(jobs(rig)).toEqual([expect.stringMatching(/^Job\/store\/migrate-[0-9a-f]{8}$/)]);
});

test('P12: two different hooks of one generateName run beside each other', async () => {
  const rig = await open();
  await rig.deploy(job(PRE), job(PRE, 'v2'));
  expect(jobs(rig)).toHaveLength(2);
});

test('P12: a hook with generateName goes with Git, and is no drift', async () => {
  const rig = await open();
  await rig.deploy(job(PRE), configMap('a'));
  await rig.deploy(configMap('a'));
  expect(jobs(rig)).toEqual([]);
});

test('P12: an operation that starts anew without its journal finds the hook that it has run', async () => {
  const rig = await open();
  rig.commit(job(PRE), configMap('a'));
  const seq = await rig.ask();
  expect(await rig.run(seq, 'before the end of apply:1')).toBeUndefined();
  const [first] = jobs(rig);
  rig.requests();
  expect(await rig.run(seq)).toMatchObject({ status: 'synced' });
  expect(jobs(rig)).toEqual([first]);
  expect(writes(rig)).toEqual([]);
});

test('P12: a hook with a long generateName has a name that a Job may have', async () => {
  const rig = await open();
  const long = job(PRE);
  await rig.deploy({ ...long, metadata: { ...long.metadata, generateName: `${'a'.repeat(70)}-` } });
  expect(jobs(rig)[0]?.split('/')[2]).toHaveLength(62);
});
