import fc from 'fast-check';
import { readDelivery } from '../../../lib/webhook/forges.ts';
import {
  fromGitlab,
  gitlabFixture,
  jsonBytes,
  NOW,
  SECRET,
  SIGNING_KEY,
  signedByGitlab,
  withHeaders,
} from './deliveries.ts';

const OTHER_KEY = `whsec_${Buffer.from('another key of thirty-two bytes!').toString('base64')}`;
const pushBody = gitlabFixture('push');
const event = {
  forge: 'gitlab',
  deliveryId: 'd-2',
  repos: ['gitlab.example.com/acme/platform/shop'],
  ref: 'refs/heads/main',
  defaultBranch: 'main',
  after: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
};
const { after: _, ...withoutAfter } = event;

test.each([
  ['a push of two commits', 'push', 'Push Hook', event],
  ['an annotated tag, whose commit is told', 'tag-annotated', 'Tag Push Hook', { ...event, ref: 'refs/tags/v1.0.0' }],
  ['a deleted branch', 'branch-deleted', 'Push Hook', { ...withoutAfter, ref: 'refs/heads/feature/cart' }],
])('GitLab reports %s', async (_situation, fixture, name, expected) => {
  const delivery = fromGitlab(gitlabFixture(fixture), { 'x-gitlab-event': name });
  expect(await readDelivery('gitlab', delivery)).toEqual({ kind: 'push', event: expected });
});

test('the same repository under two addresses is known under both', async () => {
  const payload = JSON.parse(pushBody.toString());
  const body = jsonBytes({
    ...payload,
    project: { ...payload.project, git_ssh_url: 'git@ssh.example.com:acme/platform/shop.git' },
  });
  const repos = ['gitlab.example.com/acme/platform/shop', 'ssh.example.com/acme/platform/shop'];
  expect(await readDelivery('gitlab', fromGitlab(body))).toEqual({ kind: 'push', event: { ...event, repos } });
});

test.each(['Merge Request Hook', 'Pipeline Hook', 'System Hook', 'Something New'])(
  'the GitLab event %s has no effect',
  async (name) => {
    const delivery = fromGitlab(Buffer.from('anything'), { 'x-gitlab-event': name });
    const reason = `event "${name}" is ignored; only Push Hook and Tag Push Hook are handled`;
    expect(await readDelivery('gitlab', delivery)).toEqual({ kind: 'ignored', deliveryId: 'd-2', reason });
  },
);

const signed = signedByGitlab(pushBody);
const fitting = signed.headers['webhook-signature'];

test.each([
  ['a token', fromGitlab(pushBody), 'd-2'],
  ['an older token while it is replaced', { ...fromGitlab(pushBody), secrets: ['newer', SECRET] }, 'd-2'],
  ['a token, with an id that repeats when it is sent again', fromGitlab(pushBody, { 'idempotency-key': 'd-4' }), 'd-4'],
  ['a signature', signed, 'd-3'],
  ['a signature beside the token of another webhook', { ...signed, secrets: [SECRET, SIGNING_KEY] }, 'd-3'],
  ['an older signing key while it is replaced', { ...signed, secrets: [OTHER_KEY, SIGNING_KEY] }, 'd-3'],
  ['several signatures', withHeaders(signed, { 'webhook-signature': `v1,AAAA v2,BBBB ${fitting}` }), 'd-3'],
  ['a signature four minutes old', signedByGitlab(pushBody, { seconds: NOW / 1000 - 240 }), 'd-3'],
  ['a signature four minutes ahead', signedByGitlab(pushBody, { seconds: NOW / 1000 + 240 }), 'd-3'],
])('a GitLab delivery with %s is accepted', async (_situation, delivery, deliveryId) => {
  expect(await readDelivery('gitlab', delivery)).toEqual({ kind: 'push', event: { ...event, deliveryId } });
});

const noFit = 'gitlab delivery: webhook-signature does not match the body';
const late = 'gitlab delivery: webhook-timestamp is more than 300 s away from now; compare the clocks';
const wrongToken = 'gitlab delivery: X-Gitlab-Token is not a configured secret';
const neither =
  'gitlab delivery: webhook-signature and X-Gitlab-Token are missing; set a secret in the settings of the webhook';

test.each([
  ['neither token nor signature', fromGitlab(pushBody, { 'x-gitlab-token': undefined }), neither],
  ['another token', fromGitlab(pushBody, { 'x-gitlab-token': 'guessed' }), wrongToken],
  ['an empty token', fromGitlab(pushBody, { 'x-gitlab-token': '' }), wrongToken],
  ['the beginning of the token', fromGitlab(pushBody, { 'x-gitlab-token': SECRET.slice(0, -1) }), wrongToken],
  [
    'the signing key sent as a token',
    { ...fromGitlab(pushBody, { 'x-gitlab-token': SIGNING_KEY }), secrets: [SIGNING_KEY] },
    wrongToken,
  ],
  ['a signature by another key', signedByGitlab(pushBody, { key: OTHER_KEY }), noFit],
  [
    'a wrong signature beside the right token',
    {
      ...withHeaders(signed, { 'x-gitlab-token': SECRET, 'webhook-signature': 'v1,AAAA' }),
      secrets: [SECRET, SIGNING_KEY],
    },
    noFit,
  ],
  ['an empty signature beside the right token', fromGitlab(pushBody, { 'webhook-signature': '' }), noFit],
  ['a signature where only tokens are configured', { ...signed, secrets: [SECRET] }, noFit],
  [
    'a signature of another version',
    withHeaders(signed, { 'webhook-signature': fitting?.replace('v1,', 'v2,') }),
    noFit,
  ],
  [
    'a signature made with an empty key',
    { ...signedByGitlab(pushBody, { key: 'whsec_' }), secrets: ['whsec_'] },
    noFit,
  ],
  ['another id than the signed one', withHeaders(signed, { 'webhook-id': 'd-9' }), noFit],
  ['no id', withHeaders(signed, { 'webhook-id': undefined }), noFit],
  ['a refreshed timestamp', withHeaders(signed, { 'webhook-timestamp': `${NOW / 1000 + 1}` }), noFit],
  ['a signature six minutes old', signedByGitlab(pushBody, { seconds: NOW / 1000 - 360 }), late],
  ['a signature six minutes ahead', signedByGitlab(pushBody, { seconds: NOW / 1000 + 360 }), late],
  ['a timestamp that is no number', signedByGitlab(pushBody, { seconds: 'now' }), late],
])('a GitLab delivery with %s is refused', async (_situation, delivery, message) => {
  await expect(readDelivery('gitlab', delivery)).rejects.toMatchObject({ code: 'SignatureMismatch', message });
});

test('a signed GitLab delivery with any changed byte is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(pushBody.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const body = Uint8Array.from(pushBody, (byte, index) => (index === at ? byte ^ bits : byte));
      await expect(readDelivery('gitlab', { ...signed, body })).rejects.toMatchObject({ code: 'SignatureMismatch' });
    }),
  );
});

test.each([
  ['is not JSON', Buffer.from('{'), {}, 'push payload: the body is not JSON'],
  ['is not UTF-8', Buffer.from([0xff, 0xfe]), {}, 'push payload: the body is not JSON'],
  [
    'lacks the project',
    jsonBytes({ ref: event.ref, after: event.after }),
    {},
    'push payload: project: Invalid input: expected object, received undefined',
  ],
  [
    'comes without event',
    pushBody,
    { 'x-gitlab-event': undefined },
    'webhook delivery: header x-gitlab-event is missing or malformed',
  ],
  [
    'comes without id',
    pushBody,
    { 'x-gitlab-event-uuid': undefined },
    'webhook delivery: header x-gitlab-event-uuid is missing or malformed',
  ],
])('a GitLab payload that %s is an invalid one', async (_situation, body, headers, message) => {
  await expect(readDelivery('gitlab', fromGitlab(body, headers))).rejects.toMatchObject({
    code: 'PayloadInvalid',
    message,
  });
});
