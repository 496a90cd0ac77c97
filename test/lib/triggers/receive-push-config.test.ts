import type { ConfigFollower } from '../../../lib/config-repo/on-push.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { receivePush } from '../../../lib/triggers/receive-push.ts';
import { fromGithub, githubExamples, jsonBytes } from '../webhook/deliveries.ts';
import { exampleApp, fakeReceivePorts } from './receive-ports.ts';

const branchPush = { ...githubExamples('push').find(({ ref }) => ref === 'refs/heads/master') };
const push = { forge: 'github', ...fromGithub(jsonBytes(branchPush)) };
const source = { repo: 'https://github.com/Codertocat/Hello-World', ref: 'master' };
const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';

function following(outcome: Awaited<ReturnType<ConfigFollower['follow']>>, before?: () => void): ConfigFollower {
  return {
    source,
    follow: async () => {
      before?.();
      return outcome;
    },
  };
}

test('a push to the configuration’s repository is followed, and the answer says what came of it', async () => {
  const { ports } = fakeReceivePorts({});
  const config = following({ status: 'loaded', revision: COMMIT, applications: 2 });
  expect(await receivePush(push, { ...ports, config })).toEqual({
    status: 202,
    body: { deliveryId: 'd-1', applications: [], configuration: { status: 'loaded', revision: COMMIT } },
  });
});

test('applications in the same repository are requested after the configuration', async () => {
  const order: string[] = [];
  const { ports } = fakeReceivePorts({
    apps: [exampleApp('api', 'master')],
    start: async (app, seq) => void order.push(`${app}-${seq}`),
  });
  const config = following({ status: 'unchanged', revision: COMMIT }, () => order.push('configuration'));
  expect(await receivePush(push, { ...ports, config })).toMatchObject({
    status: 202,
    body: { applications: [{ app: 'api', status: 'started' }], configuration: { status: 'unchanged' } },
  });
  expect(order).toEqual(['configuration', 'api-7']);
});

test('an invalid configuration stops no application from being deployed, and is in the answer', async () => {
  const { ports, started } = fakeReceivePorts({ apps: [exampleApp('api', 'master')] });
  const problem = { file: 'a.yaml', line: 3, field: 'spec', message: 'is missing; write a mapping' };
  const config = following({ status: 'invalid', revision: COMMIT, problems: [problem] });
  const { status, body } = await receivePush(push, { ...ports, config });
  expect({ status, body }).toMatchObject({
    status: 202,
    body: { configuration: { status: 'invalid', problems: ['a.yaml:3: spec: is missing; write a mapping'] } },
  });
  expect(started).toEqual(['api-7']);
});

test.each([
  ['GitUnreachable', 503],
  ['ConfigEmpty', 202],
] as const)('a configuration that fails with %s is answered with %d', async (code, status) => {
  const { ports, started } = fakeReceivePorts({ apps: [exampleApp('api', 'master')] });
  const config = following({ status: 'failed', error: new DriftlessError(code, 'why') });
  expect(await receivePush(push, { ...ports, config })).toMatchObject({
    status,
    body: { configuration: { status: 'failed', error: { code } } },
  });
  expect(started).toEqual(['api-7']);
});

test('a push to another branch does not concern the configuration', async () => {
  const { ports } = fakeReceivePorts({});
  const follow = () => Promise.reject(new Error('nobody follows here'));
  const { body } = await receivePush(push, { ...ports, config: { source: { ...source, ref: 'next' }, follow } });
  expect(body).not.toHaveProperty('configuration');
});
