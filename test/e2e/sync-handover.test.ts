// D1: objects that move from one application to another keep their uid, on the real API server.
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

type Pair = { readonly a: AppUnderTest; readonly b: AppUnderTest };

/** Two applications of one repository and namespace, with the paths `a` and `b`. */
async function pair(files: Readonly<Record<string, string>>): Promise<Pair> {
  const a = await harness.app(files, { source: { path: 'a' } });
  const shared = { source: { repo: a.repository.url, path: 'b' }, destination: { namespace: a.name } };
  const b = await harness.app(undefined, shared);
  await Promise.all([a.settled(), b.settled()]);
  return { a, b };
}

const marksOf = async (app: AppUnderTest, apiVersion: string, kind: string, name: string) => {
  const live = await app.live(apiVersion, kind, name);
  return { uid: live?.metadata.uid, owner: live?.metadata.labels?.['driftless.dev/app'] };
};

/** Waits until the object carries the application's label, its inventory has it, and its newest operation has ended. */
async function held(app: AppUnderTest, ref: string, namespace = app.name): Promise<void> {
  const isHeld = async (): Promise<boolean> => {
    const entries = await harness.deployer.state.inventory(app.name);
    const entry = entries.find(({ kind, name, released }) => released === undefined && ref === `${kind}/${name}`);
    if (entry === undefined) return false;
    const live = await harness.kube.get({ ...entry, namespace: entry.namespace ?? namespace });
    const [newest] = await harness.deployer.state.operations(app.name, 1);
    return live?.metadata.labels?.['driftless.dev/app'] === app.name && newest?.phase === 'done';
  };
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    if (await isHeld()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${app.name} does not hold ${ref}: ${(await app.history()).join(', ')}`);
}

/** What operations say, once none is running: an object is held before the operation that took it has ended. */
const messages = async (app: AppUnderTest): Promise<string> => {
  for (const end = performance.now() + 30_000; ; ) {
    const operations = await harness.deployer.state.operations(app.name, 20);
    if (operations.every(({ outcome }) => outcome !== undefined) || performance.now() > end)
      return operations.map(({ outcome }) => outcome?.message).join('\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test('D1: one push moves the only file of an application', async () => {
  const { a, b } = await pair({ 'a/d.yaml': yaml(deployment('web')), 'b/own.yaml': yaml(configMap('own')) });
  const before = await marksOf(a, 'apps/v1', 'Deployment', 'web');
  expect(before.owner).toBe(a.name);
  await a.repository.push({ 'a/d.yaml': undefined, 'b/d.yaml': yaml(deployment('web')) });
  await held(b, 'Deployment/web');
  expect(await marksOf(a, 'apps/v1', 'Deployment', 'web')).toEqual({ uid: before.uid, owner: b.name });
  expect(await messages(b)).toContain(`Deployment/${a.name}/web is taken over from application ${a.name}`);
  expect(await messages(a)).toContain(`Deployment/${a.name}/web is left to application ${b.name}`);
});

test('D1: one push moves several of the objects, and another push moves them back', async () => {
  const moved = yaml(configMap('x'), configMap('y'), deployment('web'));
  const { a, b } = await pair({
    'a/own.yaml': yaml(configMap('own-a')),
    'a/moved.yaml': moved,
    'b/own.yaml': yaml(configMap('own-b')),
  });
  const before = await marksOf(a, 'apps/v1', 'Deployment', 'web');
  await a.repository.push({ 'a/moved.yaml': undefined, 'b/moved.yaml': moved });
  for (const ref of ['ConfigMap/x', 'ConfigMap/y', 'Deployment/web']) await held(b, ref);
  expect(await marksOf(a, 'apps/v1', 'Deployment', 'web')).toEqual({ uid: before.uid, owner: b.name });
  await a.until('to forget', ({ phase }) => phase === 'done');
  await a.repository.push({ 'b/moved.yaml': undefined, 'a/moved.yaml': moved });
  for (const ref of ['ConfigMap/x', 'ConfigMap/y', 'Deployment/web']) await held(a, ref);
  expect(await marksOf(a, 'apps/v1', 'Deployment', 'web')).toEqual({ uid: before.uid, owner: a.name });
});

test('D1: two repositories: the taker waits, and has the object when the giver is done', async () => {
  const a = await harness.app({ 'x.yaml': yaml(configMap('x')), 'own.yaml': yaml(configMap('own-a')) });
  await a.settled();
  const before = await marksOf(a, 'v1', 'ConfigMap', 'x');
  const b = await harness.app({ 'x.yaml': yaml(configMap('x')) }, { destination: { namespace: a.name } });
  expect((await b.settled()).outcome).toMatchObject({
    status: 'waiting',
    message: expect.stringContaining(`ConfigMap/${a.name}/x belongs to application ${a.name}`),
  });
  await a.deploy({ 'x.yaml': undefined });
  await held(b, 'ConfigMap/x');
  expect(await marksOf(a, 'v1', 'ConfigMap', 'x')).toEqual({ uid: before.uid, owner: b.name });
});

test('D2: an application under another name keeps its objects, and its history', async () => {
  const a = await harness.app({ 'x.yaml': yaml(configMap('x')), 'y.yaml': yaml(configMap('y')) });
  await a.settled();
  const before = await marksOf(a, 'v1', 'ConfigMap', 'x');
  const other = `${a.name}-renamed`;
  await a.rename(other);
  const operation = await harness.deployer.state.operations(other, 10);
  expect(operation.map(({ app }) => app)).toContain(a.name);
  const named = { ...a, name: other };
  await held(named, 'ConfigMap/x');
  expect(await marksOf(a, 'v1', 'ConfigMap', 'x')).toEqual({ uid: before.uid, owner: other });
  expect(await harness.deployer.state.application(a.name)).toBeUndefined();
});
