import type { FollowOutcome } from '../../../lib/config-repo/follow.ts';
import { type ConfigFollower, followConfigOnPush } from '../../../lib/config-repo/on-push.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { PushEvent } from '../../../lib/model/push-event.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

const PUSH: PushEvent = {
  forge: 'github',
  deliveryId: 'd1',
  repos: ['github.com/acme/config', 'github.com/acme/config-old'],
  ref: 'refs/heads/main',
  defaultBranch: 'main',
  after: 'c0ffee',
};

function follower(outcome: FollowOutcome | { readonly status: 'asked' }, ref = 'main') {
  const calls: string[] = [];
  const config: ConfigFollower = {
    source: { repo: 'https://GitHub.com/acme/config.git', ref },
    follow: async () => {
      calls.push('follow');
      return outcome;
    },
  };
  return { config, calls };
}

const UNCHANGED = { status: 'unchanged', revision: 'c0ffee' } as const;

test.each([['main'], ['HEAD'], ['refs/heads/main']])('a push to the branch of %s has it followed', async (ref) => {
  const { config, calls } = follower(UNCHANGED, ref);
  expect(await followConfigOnPush(PUSH, config, new RecordingLog())).toEqual(UNCHANGED);
  expect(calls).toEqual(['follow']);
});

test.each([
  ['another repository', { repos: ['github.com/acme/shop'] }],
  ['another branch', { ref: 'refs/heads/next' }],
  ['a tag', { ref: 'refs/tags/v1' }],
])('a push to %s has not', async (_situation, push) => {
  const { config, calls } = follower(UNCHANGED);
  expect(await followConfigOnPush({ ...PUSH, ...push }, config, new RecordingLog())).toBeUndefined();
  expect(calls).toEqual([]);
});

test('without a configuration repository no push concerns it', async () => {
  expect(await followConfigOnPush(PUSH, undefined, new RecordingLog())).toBeUndefined();
});

test('the answer names problems as people read them, at most twenty', async () => {
  const problem = { file: 'config/a.yaml', line: 7, field: 'spec', message: 'is missing; write a mapping' };
  const { config } = follower({ status: 'invalid', revision: 'c0ffee', problems: Array(30).fill(problem) });
  expect(await followConfigOnPush(PUSH, config, new RecordingLog())).toEqual({
    status: 'invalid',
    revision: 'c0ffee',
    problems: Array(20).fill('config/a.yaml:7: spec: is missing; write a mapping'),
  });
});

test('where another function was invoked, the answer says so', async () => {
  const { config } = follower({ status: 'asked' });
  expect(await followConfigOnPush(PUSH, config, new RecordingLog())).toEqual({ status: 'asked' });
});

test.each([
  ['GitUnreachable', true],
  ['ConfigEmpty', false],
] as const)('a failure with %s is told, and whether to send the delivery again', async (code, retry) => {
  const { config } = follower({ status: 'failed', error: new DriftlessError(code, 'why') });
  expect(await followConfigOnPush(PUSH, config, new RecordingLog())).toMatchObject({
    status: 'failed',
    error: { code },
    retry,
  });
});

test('what is thrown is logged, and a failure like any other', async () => {
  const log = new RecordingLog();
  const follow = () => Promise.reject(new DriftlessError('StateUnavailable', 'throttled'));
  const answer = await followConfigOnPush(PUSH, { ...follower(UNCHANGED).config, follow }, log);
  expect(answer).toMatchObject({ status: 'failed', error: { code: 'StateUnavailable' }, retry: true });
  expect(log.lines).toEqual([
    { level: 'error', message: 'could not follow the configuration', code: 'StateUnavailable', reason: 'throttled' },
  ]);
});
