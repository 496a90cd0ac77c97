import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { type Announced, githubDelivery, gitlabDelivery } from './harness-forge.ts';
import { configMap, yaml } from './harness-manifests.ts';

const [NEW, OLD, TOKEN] = ['the new secret', 'the old secret', 'the secret of gitlab'];

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness({ secrets: { webhooks: { github: [NEW, OLD], gitlab: [TOKEN] } } });
});

beforeEach(() => harness.announce(undefined));

afterAll(() => harness.stop());

async function deployedApp(): Promise<AppUnderTest> {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  return app;
}

const pushed = (app: AppUnderTest, after: string): Announced => ({
  url: app.repository.url,
  ref: 'refs/heads/main',
  after,
});

test.each([
  ['GitHub', 'github', NEW, githubDelivery],
  ['GitHub, signed with the secret before the present one', 'github', OLD, githubDelivery],
  ['GitLab', 'gitlab', TOKEN, gitlabDelivery],
])('a push that %s tells of is deployed', async (_forge, name, secret, delivery) => {
  const app = await deployedApp();
  const after = await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  const reply = await harness.deliver(name, delivery(pushed(app, after), secret));

  const applications = [{ app: app.name, status: 'started', operation: `${app.name}-2` }];
  expect(reply).toEqual({ status: 202, body: { deliveryId: expect.any(String), applications } });
  expect(await app.settled()).toMatchObject({ seq: 2, revision: after, outcome: { status: 'synced' } });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '2' });
});

test.each([
  ['signed with a wrong secret', (app: AppUnderTest, after: string) => githubDelivery(pushed(app, after), 'guessed')],
  [
    'without a signature',
    (app: AppUnderTest, after: string) => {
      const { body, headers } = githubDelivery(pushed(app, after), NEW);
      const { 'x-hub-signature-256': _, ...unsigned } = headers;
      return { body, headers: unsigned };
    },
  ],
  [
    'whose body was changed on the way',
    (app: AppUnderTest, after: string) => {
      const { body, headers } = githubDelivery(pushed(app, after), NEW);
      return { body: body.replace('refs/heads/main', 'refs/heads/evil'), headers };
    },
  ],
])('a delivery %s is answered 401, and asks for nothing', async (_what, delivery) => {
  const app = await deployedApp();
  const after = await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  const reply = await harness.deliver('github', delivery(app, after));

  expect(reply).toMatchObject({ status: 401, body: { error: { code: 'SignatureMismatch' } } });
  expect(await app.history()).toEqual(['1 config synced']);
});

test('a delivery about a repository that nobody uses is answered 202 with nothing, and why', async () => {
  const url = 'https://git.example/acme/other.git';
  const update = { url, ref: 'refs/heads/main', after: 'a'.repeat(40) };

  expect(await harness.deliver('github', githubDelivery(update, NEW))).toEqual({
    status: 202,
    body: {
      deliveryId: expect.any(String),
      applications: [],
      message:
        'git.example/acme/other: no application uses this repository; set spec.source.repo of one to it, or remove the webhook',
    },
  });
});

test('a delivery about a branch that nobody follows is answered 202 with nothing, and why', async () => {
  const app = await deployedApp();
  const update = { ...pushed(app, 'a'.repeat(40)), ref: 'refs/heads/feature' };

  expect(await harness.deliver('github', githubDelivery(update, NEW))).toMatchObject({
    status: 202,
    body: {
      applications: [],
      message: `refs/heads/feature: no application follows it (${app.name}: main); set spec.source.ref where it should`,
    },
  });
  expect(await app.history()).toEqual(['1 config synced']);
});

test('a branch that was deleted deploys nothing and removes nothing', async () => {
  const app = await deployedApp();
  const { after: _, ...deleted } = pushed(app, '');
  const reply = await harness.deliver('github', githubDelivery(deleted, NEW));

  expect(reply).toMatchObject({ status: 202, body: { applications: [] } });
  expect(await app.live('v1', 'ConfigMap', 'a')).toBeDefined();
});

test('a delivery that comes twice asks once', async () => {
  const app = await deployedApp();
  const after = await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  const delivery = githubDelivery(pushed(app, after), NEW);
  const replies = await Promise.all([harness.deliver('github', delivery), harness.deliver('github', delivery)]);
  await app.settled();
  const late = await harness.deliver('github', delivery);

  expect([...replies, late].map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(await app.history()).toEqual(['1 config synced', '2 push synced']);
});

test('the commit in a delivery is not believed: what is deployed is what the Git server names', async () => {
  const app = await deployedApp();
  const head = await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  await harness.deliver('github', githubDelivery(pushed(app, 'b'.repeat(40)), NEW));

  expect(await app.settled()).toMatchObject({ seq: 2, revision: head, outcome: { status: 'synced' } });
});

test('an application that is synced by hand is named, and not deployed', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) }, { sync: { mode: 'manual' } });
  const after = await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });

  expect(await harness.deliver('github', githubDelivery(pushed(app, after), NEW))).toMatchObject({
    status: 202,
    body: { applications: [{ app: app.name, status: 'manual' }] },
  });
  expect(await app.history()).toEqual([]);
});
