// An alarm after a deployment, on a real API server: what CloudWatch would send is posted to the deployer.
import { bridgedEvent } from '../lib/triggers/alarm-events.ts';
import { type Harness, startHarness, WEBHOOK_SECRET } from './harness.ts';
import type { AppUnderTest, Settings } from './harness-app.ts';
import { githubDelivery } from './harness-forge.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

const MINUTE = 60_000;
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const settingsOf = (alarm: string): Settings => ({ rollback: { alarms: [alarm], bakeTime: '10m' } });
const files = (tag: string) => ({ 'web.yaml': yaml(deployment('web', tag)) });

/** An application whose second commit is in its bake time. */
async function baking(alarm: string, of = harness): Promise<AppUnderTest> {
  const app = await of.app(files('v1'), settingsOf(alarm));
  await app.settled();
  expect((await app.deploy(files('v2'))).outcome?.status).toBe('synced');
  return app;
}

/** The alarm goes off, now or later; gives what the deployer answers. */
async function goesOff(name: string, { inMs = 0, of = harness } = {}) {
  const at = new Date(Date.now() + inMs).toISOString();
  const reply = await fetch(`${of.deployer.url}/events/alarm`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${of.deployer.token}` },
    body: JSON.stringify(bridgedEvent({ name, at })),
  });
  return reply.json();
}

async function image(app: AppUnderTest): Promise<string> {
  const spec = JSON.stringify((await app.live('apps/v1', 'Deployment', 'web'))?.spec);
  return /registry\.example\/web:([\w-]+)/.exec(spec)?.[1] ?? spec;
}

/** The delivery of the last push, once more. */
async function deliverAgain(app: AppUnderTest) {
  const [before, after] = [
    await app.repository.git('rev-parse', 'HEAD~1'),
    await app.repository.git('rev-parse', 'HEAD'),
  ];
  const update = { url: app.repository.url, ref: 'refs/heads/main', before, after };
  return harness.deliver('github', githubDelivery(update, WEBHOOK_SECRET));
}

test('an alarm within the bake time brings the image before back; the commit stays away until a fix or a person comes', async () => {
  const app = await baking('one');
  const bad = await app.repository.git('rev-parse', 'HEAD');
  expect(await goesOff('one')).toMatchObject({ applications: [{ app: app.name, action: 'rollback', undo: bad }] });
  expect(await app.settled()).toMatchObject({ seq: 3, outcome: { status: 'rolledBack' } });
  expect(await image(app)).toBe('v1');

  expect(await goesOff('one')).toMatchObject({ applications: [{ action: 'ignore' }] });
  expect(await deliverAgain(app)).toMatchObject({
    status: 202,
    body: { applications: [{ app: app.name, status: 'held' }] },
  });
  await app.configure(settingsOf('one'));
  expect(await app.history()).toEqual(['1 config synced', '2 push synced', '3 rollback rolledBack']);
  expect((await harness.deployer.state.application(app.name))?.held).toMatchObject([
    { revision: bad, reason: 'rolled back by one' },
  ]);

  expect((await app.deploy(files('v3'))).outcome?.status).toBe('synced');
  expect(await image(app)).toBe('v3');
});

test('another commit with the same rendering does not bring back what was rolled back; a person does', async () => {
  const app = await baking('two');
  await goesOff('two');
  await app.settled();
  const next = await app.deploy({ 'README.txt': 'of another application' });
  expect(next.outcome).toMatchObject({ status: 'refused', error: { code: 'RevisionHeld' } });
  expect(await image(app)).toBe('v1');

  const { seq } = await harness.deployer.state.request(app.name, { trigger: { kind: 'manual', by: 'ann' } });
  await app.configure(settingsOf('two'));
  expect(await app.settled()).toMatchObject({ seq, outcome: { status: 'synced' } });
  expect(await image(app)).toBe('v2');
});

test('an alarm that was in ALARM before the deployment does not roll it back', async () => {
  const app = await harness.app(files('v1'), settingsOf('three'));
  await app.settled();
  await goesOff('three');
  await app.deploy(files('v2'));
  expect(await goesOff('three')).toMatchObject({
    applications: [{ action: 'ignore', reason: 'it was in ALARM before the deployment' }],
  });
  expect(await app.history()).toEqual(['1 config synced', '2 push synced']);
});

test('outside of the bake time the drift is looked at, and what was found is told', async () => {
  const app = await baking('four');
  await harness.kube.edit(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' },
    { spec: { replicas: 3 } },
  );
  expect(await goesOff('four', { inMs: 11 * MINUTE })).toMatchObject({
    applications: [{ app: app.name, action: 'check', reason: 'the bake time of the last deployment had ended' }],
  });
  const told = harness.log.filter(({ message, fields }) => message === 'notification' && fields['app'] === app.name);
  expect(told.at(-1)?.fields).toMatchObject({
    kind: 'alarm.checked',
    title: `alarm four went off; ${app.name}: 1 object has drifted`,
  });
  expect(await image(app)).toBe('v2');
});

test('an alarm during the rollout ends it, and goes back', async () => {
  const app = await harness.app(files('v1'), settingsOf('five'));
  await app.settled();
  await app.repository.push(files('slow'));
  await app.until('the wait for health', ({ seq, phase }) => seq === 2 && phase === 'wait');
  expect(await goesOff('five')).toMatchObject({ applications: [{ action: 'rollback' }] });
  expect(await app.settled()).toMatchObject({ seq: 3, outcome: { status: 'rolledBack' } });
  expect(await app.history()).toEqual(['1 config synced', '2 push superseded', '3 rollback rolledBack']);
  expect(await image(app)).toBe('v1');
});

test('objects that came with the commit are gone again, and the inventory with them', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) }, settingsOf('six'));
  await app.settled();
  await app.deploy({ 'a.yaml': yaml(configMap('a', '2')), 'b.yaml': yaml(configMap('b')) });
  await goesOff('six');
  expect(await app.changes(await app.settled())).toEqual([
    `~ ConfigMap/${app.name}/a configured`,
    `    ConfigMap/${app.name}/a: data.value: 2 → 1`,
    `- ConfigMap/${app.name}/b deleted`,
  ]);
  expect(await app.live('v1', 'ConfigMap', 'b')).toBeUndefined();
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`]);
});

test('a rollback needs no Git server', async () => {
  const lonely = await startHarness();
  try {
    const app = await baking('seven', lonely);
    await lonely.stopGit();
    expect(await goesOff('seven', { of: lonely })).toMatchObject({ applications: [{ action: 'rollback' }] });
    expect((await app.settled()).outcome).toMatchObject({ status: 'rolledBack' });
    expect(await image(app)).toBe('v1');
  } finally {
    await lonely.stop();
  }
});
