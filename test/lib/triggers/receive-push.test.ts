import { DriftlessError } from '../../../lib/errors.ts';
import { receivePush } from '../../../lib/triggers/receive-push.ts';
import { fromGithub, githubExamples, jsonBytes, SECRET } from '../webhook/deliveries.ts';
import { exampleApp, fakeReceivePorts } from './receive-ports.ts';

const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const branchPush = { ...githubExamples('push').find(({ ref }) => ref === 'refs/heads/master') };
const push = { forge: 'github', ...fromGithub(jsonBytes(branchPush)) };
const trigger = { kind: 'push', by: 'd-1' };
const asyncThrow = (error: Error) => async () => {
  throw error;
};
const stateDown = new DriftlessError('StateUnavailable', 'table driftless: no answer');
const stateDownBody = {
  code: 'StateUnavailable',
  message: 'table driftless: no answer; the operation will be retried',
};

test('a push requests an operation of every application that follows the ref, and starts it', async () => {
  const apps = [
    exampleApp('web', 'HEAD'),
    exampleApp('api', 'master'),
    exampleApp('cart', 'refs/heads/master'),
    exampleApp('next', 'develop'),
    exampleApp('pinned', COMMIT),
  ];
  const { ports, asked, started, lines } = fakeReceivePorts({ apps });
  expect(await receivePush(push, ports)).toEqual({
    status: 202,
    body: {
      deliveryId: 'd-1',
      applications: [
        { app: 'api', status: 'started', operation: 'api-7' },
        { app: 'cart', status: 'started', operation: 'cart-7' },
        { app: 'web', status: 'started', operation: 'web-7' },
      ],
    },
  });
  expect(asked).toEqual(['api', 'cart', 'web'].map((app) => ({ app, revision: COMMIT, trigger })));
  expect(started).toEqual(['api-7', 'cart-7', 'web-7']);
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'requested operations',
      deliveryId: 'd-1',
      repo: 'github.com/codertocat/hello-world',
      ref: 'refs/heads/master',
      revision: COMMIT,
      applications: ['api', 'cart', 'web'],
    },
  ]);
});

test('a repository with several addresses requests each application once', async () => {
  const keys = ['github.com/codertocat/hello-world', 'ssh.example.com/codertocat/hello-world'];
  const { ports, asked } = fakeReceivePorts({ apps: [exampleApp('api', 'master')], keys });
  const repository = {
    ...(branchPush['repository'] as object),
    ssh_url: 'git@ssh.example.com:Codertocat/Hello-World.git',
  };
  await receivePush({ forge: 'github', ...fromGithub(jsonBytes({ ...branchPush, repository })) }, ports);
  expect(asked).toEqual([{ app: 'api', revision: COMMIT, trigger }]);
});

test.each([
  ['has no lease in its way', { seq: 3, start: true, alreadyAsked: false }, 'started', ['api-3']],
  ['waits for the one that runs', { seq: 4, start: false, alreadyAsked: false }, 'queued', []],
  ['was requested before and runs', { seq: 4, start: false, alreadyAsked: true }, 'alreadyAsked', []],
  ['was requested before and never started', { seq: 4, start: true, alreadyAsked: true }, 'alreadyAsked', ['api-4']],
])('an operation that %s is answered so', async (_situation, answer, status, expectedStarts) => {
  const { ports, started } = fakeReceivePorts({ apps: [exampleApp('api', 'master')], request: async () => answer });
  expect(await receivePush(push, ports)).toEqual({
    status: 202,
    body: { deliveryId: 'd-1', applications: [{ app: 'api', status, operation: `api-${answer.seq}` }] },
  });
  expect(started).toEqual(expectedStarts);
});

test('an application that is synced manually is named, and nothing is requested', async () => {
  const { ports, asked, started } = fakeReceivePorts({ apps: [exampleApp('api', 'master', 'manual')] });
  expect(await receivePush(push, ports)).toEqual({
    status: 202,
    body: { deliveryId: 'd-1', applications: [{ app: 'api', status: 'manual' }] },
  });
  expect([asked, started]).toEqual([[], []]);
});

const deleted = { ...branchPush, after: '0'.repeat(40), deleted: true, head_commit: null };

test.each([
  [
    'of a repository that no application uses',
    push,
    [],
    'github.com/codertocat/hello-world: no application uses this repository; set spec.source.repo of one to it, or remove the webhook',
  ],
  [
    'to a branch that no application follows',
    push,
    [exampleApp('api', 'main'), exampleApp('web', 'develop')],
    'refs/heads/master: no application follows it (api: main, web: develop); set spec.source.ref where it should',
  ],
  [
    'that deletes a branch',
    { forge: 'github', ...fromGithub(jsonBytes(deleted)) },
    [exampleApp('api', 'master')],
    'refs/heads/master was deleted; nothing is deployed or removed',
  ],
  [
    'of another event',
    { forge: 'github', ...fromGithub(jsonBytes({}), { 'x-github-event': 'ping' }) },
    [exampleApp('api', 'master')],
    'the webhook works; push a commit to deploy it',
  ],
])('a delivery %s is accepted and has no effect', async (_situation, request, apps, message) => {
  const { ports, asked, started } = fakeReceivePorts({ apps });
  expect(await receivePush(request, ports)).toEqual({
    status: 202,
    body: { deliveryId: 'd-1', applications: [], message },
  });
  expect([asked, started]).toEqual([[], []]);
});

test.each([
  [
    'recorded',
    {
      request: async ({ app }: { app: string }) =>
        app === 'api' ? asyncThrow(stateDown)() : { seq: 7, start: true, alreadyAsked: false },
    },
    ['cart-7'],
  ],
  [
    'started',
    { start: async (app: string) => (app === 'api' ? asyncThrow(stateDown)() : undefined) },
    ['api-7', 'cart-7'],
  ],
])(
  'when one operation cannot be %s, the others are, and the reply says that the forge may send it again',
  async (_verb, fault, expectedStarts) => {
    const { ports, started, lines } = fakeReceivePorts({
      apps: [exampleApp('api', 'master'), exampleApp('cart', 'master')],
      ...fault,
    });
    expect(await receivePush(push, ports)).toEqual({
      status: 503,
      body: {
        deliveryId: 'd-1',
        applications: [
          { app: 'api', status: 'failed', error: stateDownBody },
          { app: 'cart', status: 'started', operation: 'cart-7' },
        ],
        message: '1 of 2 operations could not be requested; send the delivery again',
      },
    });
    expect(started).toEqual(expectedStarts);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'could not request an operation',
        app: 'api',
        code: 'StateUnavailable',
      }),
    );
  },
);

const internal = { code: 'Internal', message: 'the delivery could not be handled; the log has the reason' };

test.each([
  ['the state cannot be read', { applicationsOfRepo: asyncThrow(stateDown) }, 503, stateDownBody],
  ['the secrets cannot be read', { secrets: asyncThrow(new Error('connect ECONNREFUSED 10.0.0.1')) }, 500, internal],
  [
    'no secret is configured',
    { secrets: async () => [] },
    503,
    {
      code: 'WebhookSecretMissing',
      message:
        '/webhooks/github: no secret is configured, so nothing is accepted; configure a secret for the webhooks of this forge',
    },
  ],
])('when %s, the delivery fails', async (_situation, fault, status, error) => {
  const { ports, asked } = fakeReceivePorts({ apps: [exampleApp('api', 'master')], ...fault });
  expect(await receivePush(push, ports)).toEqual({ status, body: { error } });
  expect(asked).toEqual([]);
});

test('a refused delivery changes nothing and is logged without headers, body and secrets', async () => {
  const body = jsonBytes({ ...branchPush, note: 'CANARY' });
  const { ports, asked, lines } = fakeReceivePorts({ apps: [exampleApp('api', 'master')] });
  const forged = { forge: 'github', ...fromGithub(body, { cookie: 'CANARY' }, 'guessed') };
  const reply = await receivePush(forged, ports);
  expect(reply).toEqual({
    status: 401,
    body: {
      error: {
        code: 'SignatureMismatch',
        message:
          'github delivery: X-Hub-Signature-256 does not match the body; compare the secret of the webhook with the configured one',
      },
    },
  });
  expect(asked).toEqual([]);
  expect(lines).toEqual([
    {
      level: 'warn',
      message: 'refused a delivery',
      forge: 'github',
      code: 'SignatureMismatch',
      reason: 'github delivery: X-Hub-Signature-256 does not match the body',
    },
  ]);
  const told = JSON.stringify([reply, lines]);
  for (const hidden of ['CANARY', SECRET, forged.headers['x-hub-signature-256'] ?? ''])
    expect(told).not.toContain(hidden);
});
