import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, job, yaml } from './harness-manifests.ts';

let harness: Harness;
let crashing: Promise<AppUnderTest>;
let failing: Promise<AppUnderTest>;

const wave = (number: number) => ({ annotations: { 'argocd.argoproj.io/sync-wave': String(number) } });

function hook(name: string, phase: string, tag = 'v1', more: Readonly<Record<string, string>> = {}) {
  return job(name, { 'argocd.argoproj.io/hook': phase, ...more }, tag);
}

/** What fails takes its time, so it begins before the first test. */
beforeAll(async () => {
  harness = await startHarness();
  crashing = harness.app({ 'all.yaml': yaml(deployment('web', 'crash'), configMap('later', '1', wave(1))) });
  failing = harness.app({
    'hooks.yaml': yaml(hook('migrate', 'PreSync', 'fail'), hook('announce', 'PostSync'), hook('alarm', 'SyncFail')),
    'app.yaml': yaml(configMap('settings')),
  });
});

afterAll(() => harness.stop());

/** What the deployer wrote in the application's namespace since the last look. */
function writes({ name }: AppUnderTest): readonly string[] {
  const own = harness.api.writes().filter((line) => line.includes(`/namespaces/${name}/`));
  return own.map((line) => line.replace(/\/api.*\/(?=[^/]+\/[^/]+$)/, ''));
}

test('waves are applied one after the other', async () => {
  const app = await harness.app({ 'README.md': '' });
  await app.settled();
  harness.api.forget();
  await app.deploy({
    'all.yaml': yaml(configMap('third', '1', wave(2)), configMap('second'), configMap('first', '1', wave(-1))),
  });
  expect(writes(app)).toEqual(['PATCH configmaps/first', 'PATCH configmaps/second', 'PATCH configmaps/third']);
});

test('a wave that does not become healthy keeps the next ones from being applied', async () => {
  const app = await crashing;
  const operation = await app.settled();

  expect(operation.outcome?.status).toBe('degraded');
  expect(await app.live('v1', 'ConfigMap', 'later')).toBeUndefined();
});

test('hooks run at their turn: before, and after all is healthy; on a commit that changes nothing they do not run', async () => {
  const app = await harness.app({ 'README.md': '' });
  await app.settled();
  harness.api.forget();
  const operation = await app.deploy({
    'hooks.yaml': yaml(hook('announce', 'PostSync'), hook('migrate', 'PreSync')),
    'app.yaml': yaml(configMap('settings')),
  });

  expect(operation.outcome?.status).toBe('synced');
  expect(writes(app)).toEqual(['PATCH jobs/migrate', 'PATCH configmaps/settings', 'PATCH jobs/announce']);
  expect((await app.live('batch/v1', 'Job', 'migrate'))?.status).toMatchObject({ succeeded: 1 });
  expect((await app.live('batch/v1', 'Job', 'announce'))?.status).toMatchObject({ succeeded: 1 });

  harness.api.forget();
  expect((await app.deploy({ 'README.md': 'words' })).outcome?.status).toBe('unchanged');
  expect(writes(app)).toEqual([]);

  await app.deploy({ 'app.yaml': yaml(configMap('settings', '2')) });
  expect(writes(app)).toEqual([
    'DELETE jobs/migrate',
    'PATCH jobs/migrate',
    'PATCH configmaps/settings',
    'DELETE jobs/announce',
    'PATCH jobs/announce',
  ]);
});

test('a failing PreSync hook stops everything after it, and the hook for that case runs', async () => {
  const app = await failing;
  const operation = await app.settled();

  expect(operation.outcome?.status).toBe('degraded');
  expect(operation.outcome?.message).toMatch(new RegExp(`^Job/${app.name}/migrate: `));
  expect((await app.live('batch/v1', 'Job', 'alarm'))?.status).toMatchObject({ succeeded: 1 });
  expect(await app.live('v1', 'ConfigMap', 'settings')).toBeUndefined();
  expect(await app.live('batch/v1', 'Job', 'announce')).toBeUndefined();
});

test('hooks are removed when their delete policy says so', async () => {
  const policy = (name: string) => ({ 'argocd.argoproj.io/hook-delete-policy': name });
  const app = await harness.app({
    'app.yaml': yaml(
      configMap('settings'),
      hook('passing', 'PreSync', 'v1', policy('HookSucceeded')),
      hook('kept', 'PreSync', 'v1', policy('HookFailed')),
    ),
  });
  expect((await app.settled()).outcome?.status).toBe('synced');
  expect(await app.live('batch/v1', 'Job', 'passing')).toBeUndefined();
  expect(await app.live('batch/v1', 'Job', 'kept')).toBeDefined();

  const failed = await app.deploy({
    'app.yaml': yaml(configMap('settings', '2'), hook('failing', 'PostSync', 'fail', policy('HookFailed'))),
  });
  expect(failed.outcome?.status).toBe('degraded');
  expect(await app.live('batch/v1', 'Job', 'failing')).toBeUndefined();
});

test('Helm’s hooks of a chart run as hooks, and its tests never', async () => {
  const template = (name: string, phase: string) => `${yaml(job(name, { 'helm.sh/hook': phase }))}\n`;
  const app = await harness.app({
    'Chart.yaml': yaml({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }),
    'templates/migrate.yaml': template('migrate', 'pre-install,pre-upgrade'),
    'templates/test.yaml': template('test', 'test'),
    'templates/settings.yaml': yaml(configMap('settings')),
  });
  const operation = await app.settled();

  expect(operation.outcome?.status).toBe('synced');
  expect((await app.live('batch/v1', 'Job', 'migrate'))?.status).toMatchObject({ succeeded: 1 });
  expect(await app.live('batch/v1', 'Job', 'test')).toBeUndefined();
});
