import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { readDelivery } from '../../../lib/webhook/forges.ts';
import { fromGithub, githubExamples, jsonBytes, SECRET, withHeaders } from './deliveries.ts';

const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const TAG_OBJECT = 'aaaa728f27ae82c7b1a177c8d03f9e96e0adf246';
const OLD = 'bbbb728f27ae82c7b1a177c8d03f9e96e0adf246';

const example = (ref: string, after: RegExp) =>
  githubExamples('push').find((payload) => payload.ref === ref && after.test(payload.after ?? ''));
const branchPush = { ...example('refs/heads/master', /[1-9a-f]/) };
const event = {
  forge: 'github',
  deliveryId: 'd-1',
  repos: ['github.com/codertocat/hello-world'],
  ref: 'refs/heads/master',
  defaultBranch: 'master',
  after: COMMIT,
};
const { after: _, ...withoutAfter } = event;

test.each([
  ['a commit on a branch', branchPush, event],
  ['several commits at once', { ...branchPush, commits: [{ id: OLD }, { id: COMMIT }] }, event],
  ['a forced push', { ...branchPush, forced: true, before: OLD }, event],
  [
    'a branch with slashes',
    { ...branchPush, ref: 'refs/heads/feature/a/b' },
    { ...event, ref: 'refs/heads/feature/a/b' },
  ],
  ['a lightweight tag', example('refs/tags/simple-tag', /[1-9a-f]/), { ...event, ref: 'refs/tags/simple-tag' }],
  [
    'an annotated tag, whose commit is told',
    { ...branchPush, ref: 'refs/tags/v1', after: TAG_OBJECT, head_commit: { id: COMMIT } },
    { ...event, ref: 'refs/tags/v1' },
  ],
  ['a deleted tag', example('refs/tags/simple-tag', /^0+$/), { ...withoutAfter, ref: 'refs/tags/simple-tag' }],
  [
    'a deleted branch',
    { ...branchPush, after: '0'.repeat(40), deleted: true, head_commit: null },
    { ...withoutAfter, ref: 'refs/heads/master' },
  ],
  [
    'a commit of a SHA-256 repository',
    { ...branchPush, after: 'c'.repeat(64), head_commit: null },
    { ...event, after: 'c'.repeat(64) },
  ],
])('GitHub reports %s', async (_situation, payload, expected) => {
  expect(await readDelivery('github', fromGithub(jsonBytes(payload)))).toEqual({ kind: 'push', event: expected });
});

test('every push example that GitHub publishes is understood', async () => {
  const examples = githubExamples('push');
  expect(examples.length).toBeGreaterThan(5);
  for (const payload of examples) {
    expect(await readDelivery('github', fromGithub(jsonBytes(payload)))).toMatchObject({ kind: 'push' });
  }
});

test.each([
  ['ping', 'the webhook works; push a commit to deploy it'],
  ['create', 'event "create" is ignored; only push is handled'],
  ['delete', 'event "delete" is ignored; only push is handled'],
  ['issues', 'event "issues" is ignored; only push is handled'],
])('the GitHub event %s has no effect', async (name, reason) => {
  const examples = githubExamples(name);
  expect(examples.length).toBeGreaterThan(0);
  for (const payload of examples) {
    const delivery = fromGithub(jsonBytes(payload), { 'x-github-event': name });
    expect(await readDelivery('github', delivery)).toEqual({ kind: 'ignored', deliveryId: 'd-1', reason });
  }
});

test('a form-encoded delivery is read like a JSON one', async () => {
  const body = Buffer.from(new URLSearchParams({ payload: JSON.stringify(branchPush) }).toString());
  const delivery = fromGithub(body, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
  expect(await readDelivery('github', delivery)).toEqual({ kind: 'push', event });
});

test.each([
  ['first', [SECRET, 'older']],
  ['last', ['newest', 'newer', SECRET]],
])('while a secret is replaced, the %s of several is accepted', async (_place, secrets) => {
  const delivery = { ...fromGithub(jsonBytes(branchPush)), secrets };
  expect(await readDelivery('github', delivery)).toEqual({ kind: 'push', event });
});

const signed = fromGithub(jsonBytes(branchPush));
const sha1 = `sha1=${createHmac('sha1', SECRET).update(signed.body).digest('hex')}`;
const noFit = 'github delivery: X-Hub-Signature-256 does not match the body';
const missing = 'github delivery: X-Hub-Signature-256 is missing; set a secret in the settings of the webhook';

test.each([
  ['without signature', withHeaders(signed, { 'x-hub-signature-256': undefined }), missing],
  [
    'signed with SHA-1 only',
    withHeaders(signed, { 'x-hub-signature-256': undefined, 'x-hub-signature': sha1 }),
    missing,
  ],
  [
    'with a SHA-1 signature in the place of the SHA-256 one',
    withHeaders(signed, { 'x-hub-signature-256': sha1 }),
    noFit,
  ],
  ['signed with another secret', fromGithub(signed.body, {}, 'guessed'), noFit],
  ['signed with the empty secret', { ...fromGithub(signed.body, {}, ''), secrets: ['', SECRET] }, noFit],
  ['with an empty signature', withHeaders(signed, { 'x-hub-signature-256': '' }), noFit],
  [
    'with a signature that is no hexadecimal',
    withHeaders(signed, { 'x-hub-signature-256': `sha256=${'x'.repeat(64)}` }),
    noFit,
  ],
  [
    'with the first half of the right signature',
    withHeaders(signed, { 'x-hub-signature-256': signed.headers['x-hub-signature-256']?.slice(0, 39) }),
    noFit,
  ],
  ['without body', { ...signed, body: new Uint8Array() }, noFit],
  [
    'with a byte order mark put in front',
    { ...signed, body: Buffer.concat([Buffer.from('\ufeff'), signed.body]) },
    noFit,
  ],
])('a GitHub delivery %s is refused', async (_situation, delivery, message) => {
  await expect(readDelivery('github', delivery)).rejects.toMatchObject({ code: 'SignatureMismatch', message });
});

test('a GitHub delivery with any changed byte is refused', async () => {
  const text = Buffer.from('{"ref":"refs/heads/größe"}');
  const { headers, ...rest } = fromGithub(text);
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const body = Uint8Array.from(text, (byte, index) => (index === at ? byte ^ bits : byte));
      await expect(readDelivery('github', { ...rest, headers, body })).rejects.toMatchObject({
        code: 'SignatureMismatch',
      });
    }),
  );
});

test.each([
  ['is not JSON', Buffer.from('push!'), {}, 'push payload: the body is not JSON'],
  [
    'is a form without payload',
    Buffer.from('a=b'),
    { 'content-type': 'application/x-www-form-urlencoded' },
    'push payload: the form has no field "payload"',
  ],
  ['is not an object', jsonBytes([]), {}, 'push payload: body: Invalid input: expected object, received array'],
  [
    'lacks everything',
    jsonBytes({}),
    {},
    'push payload: ref: Invalid input: expected string, received undefined; after: Invalid input: expected string, received undefined; repository: Invalid input: expected object, received undefined',
  ],
  [
    'names a short ref',
    jsonBytes({ ...branchPush, ref: 'main' }),
    {},
    'push payload: ref: is not a full ref name, as in refs/heads/main',
  ],
  [
    'names a ref with a line break',
    jsonBytes({ ...branchPush, ref: 'refs/heads/a\nb' }),
    {},
    'push payload: ref: is not a full ref name, as in refs/heads/main',
  ],
  [
    'names an endless ref',
    jsonBytes({ ...branchPush, ref: `refs/heads/${'a'.repeat(2000)}` }),
    {},
    'push payload: ref: Too big: expected string to have <=1024 characters',
  ],
  ['names no commit', jsonBytes({ ...branchPush, after: '$(id)' }), {}, 'push payload: after: is not a Git object id'],
  [
    'names no address',
    jsonBytes({ ...branchPush, repository: {} }),
    {},
    'push payload: the address of the repository is missing',
  ],
  [
    'names no usable address',
    jsonBytes({ ...branchPush, repository: { clone_url: 'file:///etc' } }),
    {},
    'push payload: the address of the repository is missing',
  ],
  [
    'comes without event',
    jsonBytes(branchPush),
    { 'x-github-event': undefined },
    'webhook delivery: header x-github-event is missing or malformed',
  ],
  [
    'comes without id',
    jsonBytes(branchPush),
    { 'x-github-delivery': undefined },
    'webhook delivery: header x-github-delivery is missing or malformed',
  ],
  [
    'comes with an endless id',
    jsonBytes(branchPush),
    { 'x-github-delivery': 'a'.repeat(201) },
    'webhook delivery: header x-github-delivery is missing or malformed',
  ],
])('a signed GitHub payload that %s is an invalid one', async (_situation, body, headers, message) => {
  await expect(readDelivery('github', fromGithub(body, headers))).rejects.toMatchObject({
    code: 'PayloadInvalid',
    message,
  });
});
