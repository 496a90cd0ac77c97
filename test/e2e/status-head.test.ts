// What status says of Git, on a real Git server and a real API server.
import { formatHistory } from '../../cli/text/history-text.ts';
import { formatApplication } from '../../cli/text/status-text.ts';
import type { Resumed } from '../../lib/commands/resume.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import type { ShownOperation } from '../../lib/queries/history.ts';
import { type Harness, startHarness, WEBHOOK_SECRET } from './harness.ts';
import type { AppUnderTest, Settings } from './harness-app.ts';
import { githubDelivery } from './harness-forge.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

async function api<T>(app: AppUnderTest, path = '', order?: object): Promise<T> {
  const { url, token } = harness.deployer;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = order === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(order) };
  const reply = await fetch(`${url}/api/applications/${app.name}${path}`, request);
  return (await reply.json()) as T;
}

const view = (app: AppUnderTest) => api<ApplicationView>(app);

async function eventsOf({ name }: AppUnderTest): Promise<readonly string[]> {
  const { events } = await harness.deployer.state.undelivered(`APP#${name}`, 'test');
  return events.map(({ kind }) => kind).filter((kind) => !kind.startsWith('drift') && !kind.startsWith('health'));
}

/** Loading the configuration ends with a sweep. */
const sweep = (app: AppUnderTest, settings: Settings = {}) => app.configure(settings);

/** Nothing announces pushes during this. */
async function unannounced(work: () => Promise<unknown>): Promise<void> {
  harness.announce(undefined);
  try {
    await work();
  } finally {
    harness.announce((update) => harness.deliver('github', githubDelivery(update, WEBHOOK_SECRET)));
  }
}

const value = async (app: AppUnderTest) => (await app.live('v1', 'ConfigMap', 'a'))?.data;
const files = (text: string) => ({ 'a.yaml': yaml(configMap('a', text)) });

test('S2: with the mode manual a push is seen at once, with its commits and authors, and a sync deploys it', async () => {
  const settings = { sync: { mode: 'manual' } };
  const app = await harness.app(files('1'), settings);
  await api(app, '/sync', {});
  await app.settled();
  expect((await view(app)).sync).toEqual({ status: 'Synced' });
  await app.repository.push(files('2'), 'Raise the memory');
  const head = await app.repository.push(files('3'), 'Raise it more');
  const { sync } = await view(app);
  expect(sync).toMatchObject({
    status: 'OutOfSync',
    reason: `2 commits behind main: ${head.slice(0, 7)} Ada: Raise it more; sync.mode is manual`,
    head: { ahead: { count: 2, commits: [{ subject: 'Raise it more' }, { subject: 'Raise the memory' }] } },
  });
  await api(app, '/sync', {});
  const { commit: deployed } = await app.settled();
  expect(deployed).toMatchObject({ author: 'Ada', subject: 'Raise it more', signed: false });
  expect(formatApplication(await view(app), Date.now())).toMatch(
    /revision +[0-9a-f]{40} \d+s ago, Ada: Raise it more\n/,
  );
  const { operations } = await api<{ readonly operations: readonly ShownOperation[] }>(app, '/operations');
  expect(formatHistory(operations, Date.now())).toContain('     Ada: Raise it more');
});

test('S3: a correction of drift does not hide a refused head', async () => {
  const app = await harness.app(files('1'));
  await app.settled();
  const bad = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 'x' }] } };
  expect((await app.deploy({ 'b.yaml': yaml(bad) })).outcome?.status).toBe('refused');
  const refused = { status: 'OutOfSync', reason: expect.stringMatching(/behind main.*; refused: 1 refused: /) };
  expect((await view(app)).sync).toMatchObject(refused);
  const a = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: app.name };
  await harness.kube.edit(a, { data: { value: 'edited' } });
  await harness.deployer.scan();
  expect(
    await app.until('the correction', ({ trigger, phase }) => trigger.kind === 'drift' && phase === 'done'),
  ).toBeDefined();
  expect(await value(app)).toEqual({ value: '1' });
  expect((await view(app)).sync).toMatchObject(refused);
  expect(await eventsOf(app)).toEqual(['deployment.refused']);
});

test('S4: a branch that is deleted makes the status Unknown, since when and why, told once; and once that it is back', async () => {
  const settings = { source: { ref: 'release' } };
  const app = await harness.app(files('1'));
  const { git, url } = app.repository;
  await git('push', '--quiet', url, 'main:release');
  await app.configure(settings);
  await app.settled();
  await git('push', '--quiet', url, '--delete', 'release');
  await sweep(app, settings);
  await sweep(app, settings);
  const { sync } = await view(app);
  expect(sync).toMatchObject({
    status: 'Unknown',
    since: expect.stringMatching(/^20/),
    reason: expect.stringMatching(/^its source is lost since \S+: ref "release" of .*: no such branch or tag exists/),
  });
  expect(await eventsOf(app)).toEqual(['source.lost']);
  await git('push', '--quiet', url, 'main:release');
  await sweep(app, settings);
  expect((await view(app)).sync).toEqual({ status: 'Synced' });
  expect(await eventsOf(app)).toEqual(['source.lost', 'source.found']);
});

test('S8, S9: rollback goes one further back each time; what was refused or is held is told, and nothing happens', async () => {
  const app = await harness.app(files('1'));
  await app.settled();
  for (const text of ['2', '3']) await app.deploy(files(text));
  const back = async () => {
    await api(app, '/rollback', {});
    await app.settled();
    return value(app);
  };
  expect([await back(), await back()]).toEqual([{ value: '2' }, { value: '1' }]);
  expect(await api(app, '/rollback', {})).toMatchObject({ error: { code: 'RollbackImpossible' } });
  expect((await view(app)).previousRevision).toBeUndefined();

  await api(app, '/suspend', { reason: 'sale' });
  const head = await app.repository.git('rev-parse', 'HEAD');
  expect(await api<Resumed>(app, '/resume', {})).toMatchObject({ next: 'held', held: head });
  expect((await app.settled()).trigger.kind).toBe('rollback');
  expect((await view(app)).sync).toMatchObject({ status: 'OutOfSync', reason: expect.stringContaining('held since') });

  const bad = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 'x' }] } };
  const refused = await app.deploy({ 'b.yaml': yaml(bad) });
  const answer = await api(app, '/rollback', { toSeq: refused.seq });
  expect(answer).toMatchObject({
    error: { code: 'RollbackImpossible', message: expect.stringContaining('(refused)') },
  });
});

test('S11: what cannot be rendered is told once, is not tried again, and its end is told', async () => {
  const app = await harness.app(files('1'));
  await app.settled();
  expect((await app.deploy({ 'b.yaml': 'a: [' })).outcome?.status).toBe('failed');
  await sweep(app);
  await sweep(app);
  expect((await app.settled()).seq).toBe(2);
  expect((await app.deploy({ 'b.yaml': undefined })).outcome?.status).toBe('unchanged');
  expect(await eventsOf(app)).toEqual(['deployment.failed', 'deployment.recovered']);
});

test('S15: without a webhook the sweep sees the fix while an operation waits for health, and it takes over', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'slow')) });
  await app.until('the wait for health', ({ phase }) => phase === 'wait');
  await unannounced(() => app.repository.push({ 'web.yaml': yaml(deployment('web', 'v2')) }));
  await sweep(app);
  expect((await app.settled()).outcome?.status).toBe('synced');
  expect(await app.history()).toEqual(['1 config superseded', '2 sweep synced']);
});
