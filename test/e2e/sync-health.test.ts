// Rollouts take their time, so all of them begin before the first test and are looked at one by one.
import type { HealthStatus } from '../../lib/model/health.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest, Settings } from './harness-app.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

type Rollout = {
  readonly app: AppUnderTest;
  readonly operation: Operation;
  readonly recorded: HealthStatus | undefined;
  readonly ms: number;
};

let harness: Harness;
const rollouts = new Map<string, Promise<Rollout>>();

const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'no-pods' },
  spec: { hard: { pods: '0' } },
};

const CASES: Readonly<Record<string, readonly [files: string, settings?: Settings]>> = {
  slow: [yaml(deployment('web', 'slow'))],
  crash: [yaml(deployment('web', 'crash'))],
  pullError: [yaml(deployment('web', 'pull-error'))],
  quota: [yaml(quota, deployment('web'))],
  timeOut: [yaml(deployment('web', 'slow')), { sync: { timeout: '2s' } }],
  withoutPods: [yaml(configMap('a'))],
};

async function roll(name: string): Promise<Rollout> {
  const [files, settings] = CASES[name] ?? ['', {}];
  const began = performance.now();
  const app = await harness.app({ 'all.yaml': files }, settings);
  const operation = await app.settled();
  const recorded = (await harness.deployer.state.application(app.name))?.health?.status;
  return { app, operation, recorded, ms: performance.now() - began };
}

async function rolled(name: string): Promise<Rollout> {
  const rollout = await rollouts.get(name);
  if (rollout === undefined) throw new Error(`${name} was not begun`);
  return rollout;
}

beforeAll(async () => {
  harness = await startHarness();
  for (const name of Object.keys(CASES)) rollouts.set(name, roll(name));
});

afterAll(() => harness.stop());

test('an operation waits until slow pods are ready', async () => {
  const { app, operation, ms } = await rolled('slow');
  expect(operation.outcome).toMatchObject({ status: 'synced', health: { status: 'Healthy', message: '' } });
  expect(ms).toBeGreaterThan(9_000);
  expect((await app.live('apps/v1', 'Deployment', 'web'))?.status).toMatchObject({ readyReplicas: 1 });
});

test.each([
  [
    'pods that crash',
    'crash',
    /^Deployment\/.*\/web: Pod web-.*: container web: CrashLoopBackOff: exit code 1, restarts: \d+/,
  ],
  [
    'an image that cannot be pulled',
    'pullError',
    /^Deployment\/.*\/web: Pod web-.*: container web: (ErrImagePull|ImagePullBackOff): .*web:pull-error/,
  ],
  ['a quota that lets no pod in', 'quota', /^Deployment\/.*\/web: .*exceeded quota: no-pods/],
])('a rollout is degraded early, with the reason: %s', async (_what, name, message) => {
  const { operation, recorded } = await rolled(name);
  expect(operation.outcome).toMatchObject({
    status: 'degraded',
    message: expect.stringMatching(message),
    health: { status: 'Degraded' },
  });
  expect(recorded).toBe('Degraded');
});

test('what is not healthy when the timeout is over is degraded, with what it waited for', async () => {
  const { operation } = await rolled('timeOut');
  expect(operation.outcome?.status).toBe('degraded');
  expect(operation.outcome?.message).toMatch(/^not healthy after 2 s: Deployment\/.*\/web: /);
});

test('objects without health of their own are healthy at once', async () => {
  const { operation } = await rolled('withoutPods');
  expect(operation.outcome).toMatchObject({ status: 'synced', health: { status: 'Healthy' } });
});

test('the next good commit heals', async () => {
  const { app } = await rolled('crash');
  const operation = await app.deploy({ 'all.yaml': yaml(deployment('web', 'v2')) });

  expect(operation.outcome).toMatchObject({ status: 'synced', health: { status: 'Healthy', message: '' } });
  expect(await app.history()).toEqual(['1 config degraded', '2 push synced']);
});

test('what is degraded is looked at again even where Git has not changed', async () => {
  const { app } = await rolled('timeOut');
  await rolled('slow');
  const operation = await app.deploy({ 'README.md': 'words' });

  expect(operation.outcome).toMatchObject({ status: 'unchanged', health: { status: 'Healthy' } });
});

test('pruning waits for health: what the broken commit removed is still there', async () => {
  const app = await harness.app({ 'old.yaml': yaml(configMap('old')), 'web.yaml': yaml(deployment('web')) });
  await app.settled();
  const operation = await app.deploy({ 'old.yaml': undefined, 'web.yaml': yaml(deployment('web', 'v2-crash')) });

  expect(operation.outcome?.status).toBe('degraded');
  expect(await app.live('v1', 'ConfigMap', 'old')).toBeDefined();
  expect(await app.inventory()).toContain(`ConfigMap/${app.name}/old`);
});
