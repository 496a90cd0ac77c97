import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { startControlPlane } from '../../dev/control-plane.ts';
import { type ApiServer, openApiServer } from './api-server.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

// Far more than it takes, for a machine that has other work.
const PATIENCE_MS = 60_000;
const NAMESPACE = 'control-plane-test';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;

const Pod = z.object({
  status: z.object({
    phase: z.string(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    containerStatuses: z
      .array(
        z.object({
          ready: z.boolean(),
          restartCount: z.number(),
          state: z.object({
            waiting: z.object({ reason: z.string(), message: z.string() }).optional(),
            running: z.object({ startedAt: z.string() }).optional(),
            terminated: z.object({ exitCode: z.number(), reason: z.string() }).optional(),
          }),
          lastState: z.object({ terminated: z.object({ exitCode: z.number(), reason: z.string() }).optional() }),
        }),
      )
      .length(1),
  }),
});
const Conditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

let api: ApiServer;

beforeAll(async () => {
  api = openApiServer(kubeconfigPath());
  await api.create('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  // A pod is refused until the controllers have given its namespace the account that it runs as.
  await api.until(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, 'default', () => true);
}, PATIENCE_MS);

afterAll(() => api.close());

test('the API server reports the version that it was built from', async () => {
  const { body } = await api.get('/version');
  expect(body).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.3' });
});

test(
  'the connection is refused by a client that trusts another certificate authority',
  async () => {
    const other = await startControlPlane();
    const stranger = openApiServer(kubeconfigPath(), { ca: authorityOf(other.kubeconfig) });
    await expect(stranger.get('/version')).rejects.toThrow(/certificate|signature/);
    await stranger.close();
    await other.stop();
    expect(existsSync(other.kubeconfigPath)).toBe(false);
  },
  PATIENCE_MS,
);

test.each([
  ['nobody', {}, 403],
  ['somebody with a wrong token', { authorization: 'Bearer wrong' }, 401],
])('%s may not list namespaces', async (_who, headers, status) => {
  const client = openApiServer(kubeconfigPath(), { headers });
  expect((await client.get('/api/v1/namespaces')).status).toBe(status);
  await client.close();
});

test('a service account may do only what RBAC grants it', async () => {
  const { body } = await api.create(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default/token`, {});
  const { status } = z.object({ status: z.object({ token: z.string() }) }).parse(body);
  const client = openApiServer(kubeconfigPath(), { headers: { authorization: `Bearer ${status.token}` } });
  const refusal = await client.get(`/api/v1/namespaces/${NAMESPACE}/secrets`);
  expect(refusal).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining(`system:serviceaccount:${NAMESPACE}:default`) },
  });
  await client.close();
});

test(
  'a Deployment becomes available',
  async () => {
    await api.create(DEPLOYMENTS, {
      metadata: { name: 'web' },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'registry.example/web:v1' }] },
        },
      },
    });
    expect(await api.until(DEPLOYMENTS, 'web', condition('Available'))).toBe('True');
  },
  PATIENCE_MS,
);

test(
  'a pod whose image crashes is in a crash loop',
  async () => {
    const container = await containerOf('crash', (pod) => pod.state.waiting !== undefined);
    expect(container).toEqual({
      ready: false,
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff', message: expect.stringMatching(/^back-off 10s restarting/) } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
  },
  PATIENCE_MS,
);

test(
  'a pod whose image cannot be pulled says which',
  async () => {
    const container = await containerOf('v2-pull-error', (pod) => pod.state.waiting?.reason === 'ImagePullBackOff');
    expect(container).toEqual({
      ready: false,
      restartCount: 0,
      state: {
        waiting: {
          reason: 'ImagePullBackOff',
          message: expect.stringMatching(/^Back-off pulling image "registry.example\/api:v2-pull-error".*: not found$/),
        },
      },
      lastState: {},
    });
  },
  PATIENCE_MS,
);

test(
  'a pod whose image is slow runs first and is ready later',
  async () => {
    const running = { state: { running: { startedAt: expect.any(String) } }, restartCount: 0, lastState: {} };
    expect(await containerOf('slow', (pod) => pod.state.running !== undefined)).toEqual({ ...running, ready: false });
    expect(await stateOf('pod-slow', (pod) => pod.ready)).toEqual({ ...running, ready: true });
  },
  PATIENCE_MS,
);

test.each([
  ['completes', 'v1', 'Complete'],
  ['fails where its image says so', 'fail', 'Failed'],
])(
  'a Job %s',
  async (_what, tag, type) => {
    const name = `job-${tag}`;
    const containers = [{ name: 'task', image: `registry.example/task:${tag}` }];
    await api.create(JOBS, {
      metadata: { name },
      spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers } } },
    });
    expect(await api.until(JOBS, name, condition(type))).toBe('True');
  },
  15_000,
);

test(
  'it ends, and its data with it, when its parent is killed',
  async () => {
    const script = `
    const { startControlPlane } = await import(${JSON.stringify(new URL('../../dev/control-plane.ts', import.meta.url))});
    const { pid, kubeconfigPath } = await startControlPlane();
    console.log(JSON.stringify({ pid, kubeconfigPath }));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const started = z.object({ pid: z.number(), kubeconfigPath: z.string() }).parse(JSON.parse(line));
    expect(left(started)).toEqual(['process', 'data']);
    parent.kill('SIGKILL');
    for (const deadline = performance.now() + 10_000; left(started).length > 0 && performance.now() < deadline; ) {
      await wait(20);
    }
    expect(left(started)).toEqual([]);
  },
  PATIENCE_MS,
);

function left(started: { readonly pid: number; readonly kubeconfigPath: string }): readonly string[] {
  return [existsSync(`/proc/${started.pid}`) && 'process', existsSync(started.kubeconfigPath) && 'data'].filter(
    (found) => found !== false,
  );
}

type Container = z.infer<typeof Pod>['status']['containerStatuses'][number];

async function containerOf(tag: string, satisfied: (container: Container) => boolean): Promise<Container> {
  const name = `pod-${tag}`;
  await api.create(PODS, {
    metadata: { name },
    spec: { containers: [{ name: 'api', image: `registry.example/api:${tag}` }] },
  });
  return await stateOf(name, satisfied);
}

function stateOf(name: string, satisfied: (container: Container) => boolean): Promise<Container> {
  return api.until(PODS, name, (object) => {
    const container = Pod.safeParse(object).data?.status.containerStatuses[0];
    return container !== undefined && satisfied(container) ? container : undefined;
  });
}

/** The status of a condition, as soon as it is there and true. */
function condition(type: string): (object: unknown) => string | undefined {
  return (object) =>
    Conditions.safeParse(object).data?.status.conditions.find((one) => one.type === type && one.status === 'True')
      ?.status;
}

function authorityOf(kubeconfig: string): string {
  const encoded = /certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}
