import { type Harness, startHarness } from './harness.ts';
import type { Settings } from './harness-app.ts';
import { configMap, yaml } from './harness-manifests.ts';

const credentials = { username: 'deployer', password: 'a good password' };
const WRONG = 'a wrong password';

let harness: Harness;

beforeAll(async () => {
  const repositories = {
    right: { kind: 'basic', ...credentials },
    wrong: { kind: 'basic', username: 'deployer', password: WRONG },
  } as const;
  harness = await startHarness({ gitCredentials: credentials, secrets: { repositories } });
});

afterAll(() => harness.stop());

const right: Settings = { secret: 'right' };
const some = { 'web/a.yaml': yaml(configMap('a')) };

test.each([
  ['a ref that does not exist', some, { ...right, source: { ref: 'mian' } }, 'RefNotFound', /"mian".*\bmain\b/],
  [
    'a path that does not exist',
    some,
    { ...right, source: { path: 'wbe' } },
    'PathNotFound',
    /path "wbe" does not exist/,
  ],
  [
    'a path that is a file',
    some,
    { ...right, source: { path: 'web/a.yaml' } },
    'PathNotFound',
    /path "web\/a\.yaml" is a file/,
  ],
  ['a repository without a commit', undefined, right, 'RepositoryEmpty', /the repository has no branch and no tag/],
  ['credentials that the server does not take', some, { secret: 'wrong' }, 'GitAccessDenied', /127\.0\.0\.1/],
  ['credentials that are missing', some, {}, 'GitAccessDenied', /127\.0\.0\.1/],
  [
    'a secret that nobody has stored',
    some,
    { secret: 'other' },
    'GitAccessDenied',
    /secret "other" is not in the secrets file/,
  ],
])('one clear error on the operation tells of %s', async (_what, files, settings: Settings, code, message) => {
  harness.api.forget();
  const app = await harness.app(files, settings);
  const { outcome } = await app.settled();

  expect(outcome).toEqual({
    status: 'failed',
    message: expect.stringMatching(message),
    error: { code, message: outcome?.message, hint: expect.any(String) },
  });
  expect(outcome?.message).toMatch(/^\S.*[^.]$/);
  expect(harness.api.writes()).toEqual([]);
  expect(JSON.stringify([outcome, harness.log])).not.toContain(WRONG);
});

test('with the right credentials it deploys', async () => {
  const app = await harness.app(some, { secret: 'right', source: { path: 'web' } });
  expect((await app.settled()).outcome?.status).toBe('synced');
  expect(JSON.stringify(harness.log)).not.toContain(credentials.password);
});

test('a mistake that is corrected in the configuration is deployed without another push', async () => {
  const app = await harness.app(some, { ...right, source: { path: 'wbe' } });
  await app.settled();
  await app.configure({ ...right, source: { path: 'web' } });
  expect((await app.settled()).outcome?.status).toBe('synced');
  expect(await app.history()).toEqual(['1 config failed', '2 config synced']);
});
