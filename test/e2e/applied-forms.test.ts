// What the real API server makes of objects that Git writes in another form than the server keeps them.
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, job, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login' }, ...fields });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const dataOf = async (app: AppUnderTest) => (await app.live('v1', 'Secret', 'login'))?.data;

async function synced(app: AppUnderTest, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const operation = await app.deploy(files);
  expect([operation.outcome?.status, operation.outcome?.message]).toEqual(['synced', expect.any(String)]);
  return app.changes(operation);
}

test('P1: a key that leaves stringData leaves the cluster', async () => {
  const app = await harness.app({ 'a.yaml': yaml(secret({ stringData: { user: 'a', legacy: 'b' } })) });
  await app.settled();
  expect(await dataOf(app)).toEqual({ user: base64('a'), legacy: base64('b') });
  await synced(app, { 'a.yaml': yaml(secret({ stringData: { user: 'a' } })) });
  expect(await dataOf(app)).toEqual({ user: base64('a') });
});

test('P1: a Secret that an earlier version has applied is put right once, with the keys of others left alone', async () => {
  const app = await harness.app({ 'b.yaml': yaml(configMap('b')) });
  await app.settled();
  const metadata = { name: 'login', namespace: app.name, labels: { 'driftless.dev/app': app.name } };
  await harness.kube.applyAs('driftless', { ...secret({ stringData: { user: 'a', legacy: 'b' } }), metadata });
  await harness.kube.applyAs('driftless', { ...secret({ stringData: { user: 'a' } }), metadata });
  await harness.kube.applyAs('vault', {
    ...secret({ data: { theirs: base64('c') } }),
    metadata: { name: 'login', namespace: app.name },
  });
  expect(await dataOf(app)).toEqual({ user: base64('a'), legacy: base64('b'), theirs: base64('c') });

  const changes = await synced(app, { 'a.yaml': yaml(secret({ stringData: { user: 'a' } })) });
  expect(changes).toContain(`    Secret/${app.name}/login: data.legacy: ••• (before) → (none)`);
  expect(await dataOf(app)).toEqual({ user: base64('a'), theirs: base64('c') });
});

test('P2: a Deployment becomes Recreate over the default rollingUpdate, without recreation', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'v1')) });
  await app.settled();
  const before = await app.live('apps/v1', 'Deployment', 'web');
  const web = deployment('web', 'v1');
  await synced(app, { 'web.yaml': yaml({ ...web, spec: { ...web.spec, strategy: { type: 'Recreate' } } }) });
  const after = await app.live('apps/v1', 'Deployment', 'web');
  expect(after?.spec).toMatchObject({ strategy: { type: 'Recreate' } });
  expect(JSON.stringify(after?.spec)).not.toContain('rollingUpdate');
  expect(after?.metadata.uid).toBe(before?.metadata.uid);
});

test('P2: a volume of a Deployment gets a source over the default emptyDir', async () => {
  const web = deployment('web', 'v1', { replicas: 0 });
  const withVolume = (volume: object) => {
    const { template } = web.spec;
    return yaml({
      ...web,
      spec: { ...web.spec, template: { ...template, spec: { ...template.spec, volumes: [{ name: 'v', ...volume }] } } },
    });
  };
  const app = await harness.app({ 'web.yaml': withVolume({}) });
  await app.settled();
  await synced(app, { 'web.yaml': withVolume({ secret: { secretName: 'x' } }) });
  expect(JSON.stringify((await app.live('apps/v1', 'Deployment', 'web'))?.spec)).not.toContain('emptyDir');
});

test('P3: a field without a value in an item of a list is not set, today and with each later deployment', async () => {
  const service = (port: number) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port, protocol: null, targetPort: null }] },
  });
  const app = await harness.app({ 's.yaml': yaml(service(80)) });
  await app.settled();
  await synced(app, { 's.yaml': yaml(service(81)) });
  expect(await app.deploy({ 's.yaml': `# again\n${yaml(service(81))}` })).toMatchObject({
    outcome: { status: 'unchanged' },
  });
});

test('P9: ignored data of a Secret stays as it is live, also where we own it', async () => {
  const app = await harness.app({ 'a.yaml': yaml(secret({ data: { password: base64('first') } })) });
  await app.settled();
  await app.configure({ drift: { ignore: [{ kind: 'Secret', name: 'login', fields: ['data'] }] } });
  await app.settled();
  await synced(app, {
    'a.yaml': yaml({
      ...secret({ data: { password: base64('second') } }),
      metadata: { name: 'login', labels: { a: 'b' } },
    }),
  });
  expect(await dataOf(app)).toEqual({ password: base64('first') });
});

test('P12: a hook with generateName runs once for each operation, and the one before goes', async () => {
  const { metadata, ...hook } = job('migrate', { 'argocd.argoproj.io/hook': 'PreSync' });
  const { name: _, ...unnamed } = metadata;
  const files = (value: string) => ({
    'hook.yaml': yaml({ ...hook, metadata: { ...unnamed, generateName: 'migrate-' } }),
    'a.yaml': yaml(configMap('a', value)),
  });
  const jobs = async () => {
    const live = await harness.kube.list('batch/v1', 'Job');
    return live.filter(({ metadata: { namespace } }) => namespace === app.name).map((each) => each.metadata.name);
  };
  const app = await harness.app(files('1'));
  expect((await app.settled()).outcome?.status).toBe('synced');
  const first = await jobs();
  expect(first).toEqual([expect.stringMatching(/^migrate-[0-9a-f]{8}$/)]);
  await synced(app, files('2'));
  const second = await jobs();
  expect(second).toHaveLength(1);
  expect(second).not.toEqual(first);
});
