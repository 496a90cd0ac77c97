import { DriftlessError } from '../../../lib/errors.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { configMap, type Rig, widget, withRig } from './rig.ts';

const rigs = withRig();

/** A Job whose image says how it ends. */
const hook = (name: string, phase: string, ends: 'Complete' | 'Failed', policy = 'BeforeHookCreation'): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    annotations: { 'argocd.argoproj.io/hook': phase, 'argocd.argoproj.io/hook-delete-policy': policy },
  },
  spec: { template: { image: ends } },
});

async function open(): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.controller = ({ kind, spec }) => {
    if (kind !== 'Job') return undefined;
    const ends = JSON.stringify(spec).includes('Failed') ? 'Failed' : 'Complete';
    return { conditions: [{ type: ends, status: 'True', message: `the job is ${ends}` }] };
  };
  return rig;
}

const writes = (rig: Rig): readonly string[] => rig.requests().filter((request) => /^(APPLY|DELETE)/.test(request));

test('hooks run around the rest, and are removed at the end where their policy says so', async () => {
  const rig = await open();
  const outcome = await rig.deploy(
    hook('after', 'PostSync', 'Complete', 'HookSucceeded'),
    configMap('a'),
    hook('before', 'PreSync', 'Complete'),
    hook('failure', 'SyncFail', 'Complete'),
  );
  expect(outcome).toMatchObject({ status: 'synced' });
  expect(writes(rig)).toEqual([
    'APPLY Job/store/before',
    'APPLY ConfigMap/store/a',
    'APPLY Job/store/after',
    'DELETE Job/store/after',
  ]);
});

test('a deployment that changes nothing runs no hook', async () => {
  const rig = await open();
  const objects = [configMap('a'), hook('before', 'PreSync', 'Complete'), hook('failure', 'SyncFail', 'Complete')];
  await rig.deploy(...objects);
  rig.requests();
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'unchanged' });
  expect(writes(rig)).toEqual([]);
});

test('a hook that fails keeps the rest from being applied, and the hooks for that case run', async () => {
  const rig = await open();
  expect(
    await rig.deploy(
      hook('before', 'PreSync', 'Failed', 'HookFailed'),
      configMap('a'),
      hook('failure', 'SyncFail', 'Complete'),
    ),
  ).toMatchObject({ status: 'degraded', message: 'Job/store/before: the job is Failed' });
  expect(writes(rig)).toEqual(['APPLY Job/store/before', 'APPLY Job/store/failure', 'DELETE Job/store/before']);
});

test('whatever becomes of the hooks for failures, the failure stays the end', async () => {
  const rig = await open();
  rig.cluster.before = (request) => {
    if (request === 'APPLY Job/store/failure') throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  expect(
    await rig.deploy(hook('before', 'PreSync', 'Failed'), configMap('a'), hook('failure', 'SyncFail', 'Complete')),
  ).toMatchObject({ status: 'degraded', message: 'Job/store/before: the job is Failed' });
  expect(rig.log.lines).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      message: 'could not run the SyncFail hooks',
      reason: 'no',
    }),
  );
});

test('a hook that Git drops is deleted like anything else', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), hook('before', 'PreSync', 'Complete'));
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'synced', message: '1 unchanged, 1 deleted' });
  expect(Object.keys(rig.cluster.contents())).not.toContain('Job/store/before');
});

test('D3: an ordinary object that becomes a hook is refused with the commit that helps, and deployed after it', async () => {
  const rig = await open();
  const { annotations: _, ...metadata } = hook('migrate', 'PreSync', 'Complete').metadata;
  await rig.deploy(configMap('a'), { ...hook('migrate', 'PreSync', 'Complete'), metadata });
  const { uid } = rig.cluster.find('Job/store/migrate').metadata;
  expect(await rig.deploy(configMap('a', '2'), hook('migrate', 'PreSync', 'Complete'))).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('it is an ordinary object of this application'),
  });
  expect(rig.cluster.find('Job/store/migrate').metadata.uid).toBe(uid);
  await rig.deploy(configMap('a'));
  expect(await rig.deploy(configMap('a', '2'), hook('migrate', 'PreSync', 'Complete'))).toMatchObject({
    status: 'synced',
  });
});

test('a hook that is skipped is not applied, and not missed', async () => {
  const rig = await open();
  expect(await rig.deploy(widget('w'), hook('never', 'Skip', 'Complete'))).toMatchObject({ message: '1 created' });
});
