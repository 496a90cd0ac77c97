import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createAwsSecrets } from '../../../lib/aws/secrets.ts';
import type { Repository } from '../../../lib/model/configuration.ts';
import { AwsError } from '../../fakes/aws/wire.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { clientOf, FAULTS, PASSING_FAULTS, startAccount } from './fake-account.ts';

const WEBHOOKS = 'arn:aws:secretsmanager:eu-central-1:1:secret:driftless/webhooks-a1b2c3';
const SHOP = 'https://github.com/acme/shop';
const MINUTE = 60_000;
const REPOSITORIES: readonly Repository[] = [
  { name: 'shop', url: SHOP, credentials: { secret: 'shop' } },
  { name: 'gitlab', host: 'gitlab.example', credentials: { secret: 'driftless/git/gitlab' } },
];

async function open(stored: Readonly<Record<string, unknown>> = {}) {
  const aws = await startAccount();
  for (const [id, value] of Object.entries(stored))
    aws.secrets.set(id, typeof value === 'string' ? value : JSON.stringify(value));
  const clock = new ManualClock();
  const secrets = createAwsSecrets({
    client: clientOf(SecretsManagerClient, aws),
    webhookSecretId: WEBHOOKS,
    gitSecretPrefix: 'driftless/git/',
    repositories: async () => REPOSITORIES,
    clock,
  });
  return { aws, clock, secrets };
}

describe('webhook secrets', () => {
  test('several can be good at once, the newest first, for each forge', async () => {
    const { aws, secrets } = await open({ [WEBHOOKS]: { github: ['new', 'old'], gitlab: 'one' } });
    expect(await secrets.webhookSecrets('github')).toEqual(['new', 'old']);
    expect(await secrets.webhookSecrets('gitlab')).toEqual(['one']);
    expect(aws.calls).toHaveLength(1);
  });

  test('a forge without any is off', async () => {
    const { secrets } = await open({ [WEBHOOKS]: { github: [] } });
    expect([await secrets.webhookSecrets('github'), await secrets.webhookSecrets('gitlab')]).toEqual([[], []]);
  });

  test('they are read again after five minutes', async () => {
    const { aws, clock, secrets } = await open({ [WEBHOOKS]: { github: ['old'] } });
    await secrets.webhookSecrets('github');
    aws.secrets.set(WEBHOOKS, '{"github":["new"]}');
    await clock.advance(5 * MINUTE - 1);
    expect(await secrets.webhookSecrets('github')).toEqual(['old']);
    await clock.advance(1);
    expect(await secrets.webhookSecrets('github')).toEqual(['new']);
  });

  test('they are read at once where none fitted, but not each time somebody sends a wrong signature', async () => {
    const { aws, clock, secrets } = await open({ [WEBHOOKS]: { github: ['old'] } });
    await secrets.webhookSecrets('github');
    aws.secrets.set(WEBHOOKS, '{"github":["new"]}');
    await clock.advance(10_000);
    expect(await secrets.webhookSecrets('github', { refresh: true })).toEqual(['new']);
    for (let wrong = 0; wrong < 100; wrong += 1) await secrets.webhookSecrets('github', { refresh: true });
    expect(aws.calls).toHaveLength(2);
  });

  test('while Secrets Manager is away, those that were read before are good', async () => {
    const { aws, clock, secrets } = await open({ [WEBHOOKS]: { github: ['old'] } });
    await secrets.webhookSecrets('github');
    aws.fail('*', 'server error', { times: 9 });
    await clock.advance(6 * MINUTE);
    expect(await secrets.webhookSecrets('github')).toEqual(['old']);
  });

  test('what was taken away, or may not be read any more, is not used on', async () => {
    const { aws, clock, secrets } = await open({ [WEBHOOKS]: { github: ['old'] } });
    await secrets.webhookSecrets('github');
    aws.secrets.delete(WEBHOOKS);
    await clock.advance(6 * MINUTE);
    await expect(secrets.webhookSecrets('github')).rejects.toMatchObject({ code: 'SecretInvalid' });
  });
});

describe('Git credentials', () => {
  test.each([
    ['a token', { token: 't0ken' }, { kind: 'token', token: 't0ken' }],
    ['a user', { username: 'me', password: 'pw' }, { kind: 'basic', username: 'me', password: 'pw' }],
    [
      'a GitHub App',
      { githubApp: { appId: 1, installationId: 2, privateKey: 'key' } },
      { kind: 'githubApp', appId: '1', installationId: '2', privateKey: 'key' },
    ],
  ])('of %s are read from the secret that the Repository names, below the prefix', async (_what, stored, expected) => {
    const { secrets } = await open({ 'driftless/git/shop': stored });
    expect(await secrets.gitCredentials(SHOP)).toEqual(expected);
  });

  test('of a host are for all its repositories, and a name may have the prefix already', async () => {
    const { secrets } = await open({ 'driftless/git/gitlab': { token: 't0ken' } });
    expect(await secrets.gitCredentials('https://gitlab.example/a/b.git')).toEqual({ kind: 'token', token: 't0ken' });
  });

  test('are not looked for where nothing is declared', async () => {
    const { aws, secrets } = await open();
    expect(await secrets.gitCredentials('https://example.com/a/b')).toBeUndefined();
    expect(aws.calls).toEqual([]);
  });

  test('that were refused are read again', async () => {
    const { aws, clock, secrets } = await open({ 'driftless/git/shop': { token: 'old' } });
    await secrets.gitCredentials(SHOP);
    aws.secrets.set('driftless/git/shop', '{"token":"new"}');
    await clock.advance(10_000);
    await secrets.gitCredentials(SHOP, { refresh: true });
    expect(await secrets.gitCredentials(SHOP)).toEqual({ kind: 'token', token: 'new' });
  });
});

test.each([
  ['is no JSON', 'hunter2-hunter2', 'it is not JSON'],
  ['has an unknown field', { hunter2: 'hunter2-hunter2' }, ''],
  ['has a value that is no text', { token: ['hunter2-hunter2'] }, ''],
  ['is half of a credential', { username: 'hunter2-hunter2' }, ''],
])('a secret that %s is named, without a word of it', async (_what, value, problem) => {
  const { secrets } = await open({ 'driftless/git/shop': value });
  const refused: unknown = await secrets.gitCredentials(SHOP).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'SecretInvalid',
    message: expect.stringMatching(`^secret "driftless/git/shop": .*${problem}.*; store it again$`),
  });
  expect(`${JSON.stringify(refused)}${refused}${(refused as Error).cause}`).not.toContain('hunter2');
});

test('a secret that is not there is named, and found once it is', async () => {
  const { aws, secrets } = await open();
  const message = expect.stringMatching('^secret "driftless/git/shop": ResourceNotFoundException');
  await expect(secrets.gitCredentials(SHOP)).rejects.toMatchObject({ code: 'SecretInvalid', message });
  aws.secrets.set('driftless/git/shop', '{"token":"t0ken"}');
  expect(await secrets.gitCredentials(SHOP)).toEqual({ kind: 'token', token: 't0ken' });
});

test('a secret that is marked for deletion is somebody’s to restore', async () => {
  const { aws, secrets } = await open({ 'driftless/git/shop': { token: 't0ken' } });
  aws.fail('*', new AwsError('InvalidRequestException'), { times: 9 });
  await expect(secrets.gitCredentials(SHOP)).rejects.toMatchObject({ code: 'SecretInvalid', retry: false });
});

test.each(PASSING_FAULTS)('%s, once, is overcome', async (failure) => {
  const { aws, secrets } = await open({ [WEBHOOKS]: { github: ['one'] } });
  aws.fail('secretsmanager.GetSecretValue', failure);
  expect(await secrets.webhookSecrets('github')).toEqual(['one']);
});

test.each(FAULTS)('%s, again and again, is %s with the name of the secret', async (failure, code, retry) => {
  const { aws, secrets } = await open({ [WEBHOOKS]: { github: ['one'] } });
  aws.fail('secretsmanager.GetSecretValue', failure, { times: 9 });
  const message = expect.stringMatching(`^secret "${WEBHOOKS}": \\S`);
  await expect(secrets.webhookSecrets('github')).rejects.toMatchObject({ code, retry, message });
});
