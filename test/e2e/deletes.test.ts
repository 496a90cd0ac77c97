// What is deleted, and what is not: hooks under the name of an object, recreated volume claims, finalizers, Jobs that have finished.
import { type Harness, startHarness } from './harness.ts';
import { configMap, job, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const ARGO = { 'argocd.argoproj.io/hook': 'PreSync' };
const HOLD = 'example.com/hold';

const claim = (storageClassName: string, annotations: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true', ...annotations } },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});

describe('D3: a hook under the name of an object that it did not make', () => {
  test('is refused for a Namespace, which stays with what is in it', async () => {
    const victim = await harness.namespace();
    await harness.kube.create(configMap('inside', '1', { namespace: victim }));
    const before = await harness.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: victim });
    const hook = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: victim, annotations: ARGO } };
    const app = await harness.app({ 'all.yaml': yaml(configMap('a'), hook) });
    const operation = await app.settled();
    expect(operation.outcome?.status).toBe('refused');
    expect(await app.refusals(operation)).toEqual([
      expect.stringContaining(`Namespace/${victim}: already exists, and no earlier run of this hook made it`),
    ]);
    expect(await app.live('v1', 'ConfigMap', 'a')).toBeUndefined();
    const after = await harness.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: victim });
    expect(after?.metadata).toMatchObject({ uid: before?.metadata.uid });
    expect(after?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('is refused for a Secret and a volume claim, whatever its delete policy is', async () => {
    const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
    await app.settled();
    await harness.kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: app.name } });
    const theirs = claim('standard');
    await harness.kube.create({ ...theirs, metadata: { ...theirs.metadata, namespace: app.name } });
    const secret = { 'helm.sh/hook': 'pre-upgrade', 'helm.sh/hook-delete-policy': 'hook-succeeded' };
    const operation = await app.deploy({
      'hooks.yaml': yaml(
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', annotations: secret } },
        claim('standard', { 'helm.sh/hook': 'pre-upgrade' }),
      ),
      'a.yaml': yaml(configMap('a', '2')),
    });
    expect(operation.outcome?.status).toBe('refused');
    expect(await app.refusals(operation)).toHaveLength(2);
    expect(await app.live('v1', 'Secret', 'token')).toBeDefined();
    expect(await app.live('v1', 'PersistentVolumeClaim', 'data')).toBeDefined();
    expect((await app.live('v1', 'ConfigMap', 'a'))?.['data']).toEqual({ value: '1' });
  });

  test('replaces the Job of its own earlier run, and the plan shows that', async () => {
    const app = await harness.app({ 'all.yaml': yaml(configMap('a'), job('migrate', ARGO)) });
    expect((await app.settled()).outcome?.status).toBe('synced');
    const before = await app.live('batch/v1', 'Job', 'migrate');
    const operation = await app.deploy({ 'all.yaml': yaml(configMap('a', '2'), job('migrate', ARGO)) });
    expect(operation.outcome).toMatchObject({ status: 'synced', message: '1 created, 1 configured, 1 deleted' });
    expect(await app.changes(operation)).toContain(`- Job/${app.name}/migrate deleted (before hook creation)`);
    const after = await app.live('batch/v1', 'Job', 'migrate');
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
  });
});

test('D4: a volume claim is recreated only where the object itself says so', async () => {
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), claim('standard')) }, { sync: { recreate: true } });
  expect((await app.settled()).outcome?.status).toBe('synced');
  const before = await app.live('v1', 'PersistentVolumeClaim', 'data');
  const refused = await app.deploy({ 'all.yaml': yaml(configMap('a'), claim('fast')) });
  expect(refused.outcome?.status).toBe('refused');
  expect((await app.refusals(refused)).join()).toContain('recreating it would lose the data of its volume');
  expect((await app.live('v1', 'PersistentVolumeClaim', 'data'))?.metadata.uid).toBe(before?.metadata.uid);
  const asked = await app.deploy({
    'all.yaml': yaml(configMap('a'), claim('fast', { 'driftless.dev/recreate': 'true' })),
  });
  expect(asked.outcome).toMatchObject({ status: 'synced', message: '1 recreated, 1 unchanged' });
});

describe('D5: a removal that a finalizer holds', () => {
  test('is waited for, named, and kept in the inventory until it is gone', async () => {
    const files = {
      'kept.yaml': yaml(configMap('kept')),
      'held.yaml': yaml(configMap('a', '1', { finalizers: [HOLD] })),
    };
    const app = await harness.app(files, { sync: { timeout: '6s' } });
    await app.settled();
    const operation = await app.deploy({ 'held.yaml': undefined });
    expect(operation.outcome).toMatchObject({
      status: 'degraded',
      message: `1 unchanged, 1 being deleted, held by ${HOLD}`,
      health: { status: 'Progressing' },
    });
    expect(await app.inventory()).toContain(`ConfigMap/${app.name}/a`);
    const name = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name: 'a' };
    await harness.kube.edit(name, { metadata: { finalizers: null } });
    const next = await app.deploy({ 'kept.yaml': yaml(configMap('kept', '2')) });
    expect(next.outcome).toMatchObject({ status: 'synced', message: '1 configured' });
    expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/kept`]);
  });

  test('in a Namespace is named by the conditions of the Namespace', async () => {
    const app = await harness.app(
      (own) => ({
        'kept.yaml': yaml(configMap('kept')),
        'more.yaml': yaml({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${own}-more` } }),
      }),
      { sync: { timeout: '12s', pruneProtected: ['Namespace'] } },
    );
    await app.settled();
    const namespace = `${app.name}-more`;
    await harness.kube.create(configMap('inside', '1', { namespace, finalizers: [HOLD] }));
    const operation = await app.deploy({ 'more.yaml': undefined });
    expect(operation.outcome?.status).toBe('degraded');
    expect(operation.outcome?.message).toMatch(new RegExp(`1 being deleted, held by .*${HOLD}`));
    expect(await app.inventory()).toContain(`Namespace/${namespace}`);
    const inside = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'inside' };
    await harness.kube.edit(inside, { metadata: { finalizers: null } });
  });
});

test('D6: a Job that removed itself after its end does not run again with the next push, only with its own change', async () => {
  const brief = (tag: string) => {
    const { spec, ...rest } = job('once', {}, tag);
    return { ...rest, spec: { ...spec, ttlSecondsAfterFinished: 1 } };
  };
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), brief('v1')) }, { sync: { timeout: '30s' } });
  expect((await app.settled()).outcome?.status).toBe('synced');
  await eventually(async () => (await app.live('batch/v1', 'Job', 'once')) === undefined);
  const next = await app.deploy({ 'all.yaml': yaml(configMap('a', '2'), brief('v1')) });
  expect(next.outcome).toMatchObject({ status: 'synced', message: '1 configured, 1 unchanged' });
  expect(await app.live('batch/v1', 'Job', 'once')).toBeUndefined();
  await harness.deployer.scan();
  expect((await harness.deployer.state.drift(app.name))?.count ?? 0).toBe(0);
  const changed = await app.deploy({ 'all.yaml': yaml(configMap('a', '2'), brief('v2')) });
  expect(changed.outcome?.message).toContain('1 created');
});

/** Polls until something is so. */
async function eventually(satisfied: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await satisfied())) {
    if (performance.now() > deadline) throw new Error('waited for too long');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
