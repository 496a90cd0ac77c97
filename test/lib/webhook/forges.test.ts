import fc from 'fast-check';
import { DriftlessError } from '../../../lib/errors.ts';
import { forgeOf, readDelivery } from '../../../lib/webhook/forges.ts';
import { webAddress } from '../../builders/arbitrary-text.ts';
import { fromGithub, fromGitlab, githubExamples, gitlabFixture, jsonBytes } from './deliveries.ts';

const forges = ['github', 'gitlab'] as const;

test.each(forges)('%s is a forge', (name) => {
  expect(forgeOf(name)).toBe(name);
});

test.each(['gitea', '', 'GitHub', '__proto__', 'constructor'])('"%s" is not a forge', (name) => {
  expect(() => forgeOf(name)).toThrow(
    expect.objectContaining({
      code: 'EndpointUnknown',
      message: `/webhooks/${name}: unknown forge; use github or gitlab; Gitea and Forgejo deliver as github`,
    }),
  );
});

test.each([
  ['github', 'no secret', fromGithub(jsonBytes({}), {}, ''), []],
  ['github', 'an empty secret', fromGithub(jsonBytes({}), {}, ''), ['']],
  ['gitlab', 'no secret', fromGitlab(jsonBytes({}), { 'x-gitlab-token': '' }), []],
  ['gitlab', 'an empty secret', fromGitlab(jsonBytes({}), { 'x-gitlab-token': '' }), ['']],
] as const)('the endpoint of %s is off with %s (security case 26)', async (forge, _situation, delivery, secrets) => {
  await expect(readDelivery(forge, { ...delivery, secrets })).rejects.toMatchObject({
    code: 'WebhookSecretMissing',
    message: `/webhooks/${forge}: no secret is configured, so nothing is accepted`,
  });
});

const hostile = fc
  .oneof(
    fc.anything({ maxDepth: 3, withNullPrototype: true }),
    fc.record(
      {
        ref: fc.oneof(fc.string(), fc.constant('refs/heads/main'), fc.anything()),
        after: fc.oneof(fc.string(), fc.constant('0'.repeat(40)), fc.anything()),
        head_commit: fc.anything(),
        repository: fc.oneof(fc.anything(), fc.record({ clone_url: fc.oneof(webAddress, fc.string(), fc.anything()) })),
        project: fc.oneof(fc.anything(), fc.record({ web_url: fc.oneof(webAddress, fc.string(), fc.anything()) })),
      },
      { requiredKeys: [] },
    ),
  )
  .map((value) =>
    Buffer.from(JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}` : inner)) ?? ''),
  );
const bodies = fc.oneof(
  hostile,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
);

test.each([
  ['github', fromGithub],
  ['gitlab', fromGitlab],
] as const)(
  'whatever %s signs, the answer is a delivery or one of our errors (security case 26)',
  async (forge, deliver) => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        try {
          expect(['push', 'ignored']).toContain((await readDelivery(forge, deliver(body))).kind);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DriftlessError);
        }
      }),
      { numRuns: 300 },
    );
  },
);

test.each([
  ['github', fromGithub(jsonBytes(githubExamples('push')[0]))],
  ['gitlab', fromGitlab(gitlabFixture('push'))],
] as const)(
  'whatever headers come to %s, the answer is a delivery or one of our errors',
  async (forge, { headers, ...rest }) => {
    const names = fc.constantFrom(
      'content-type',
      'webhook-signature',
      'webhook-id',
      'webhook-timestamp',
      ...Object.keys(headers),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.oneof(fc.string(), fc.constant('v1,AAAA'))), async (hostileHeaders) => {
        try {
          const delivery = await readDelivery(forge, { ...rest, headers: { ...headers, ...hostileHeaders } });
          expect(['push', 'ignored']).toContain(delivery.kind);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(DriftlessError);
        }
      }),
      { numRuns: 300 },
    );
  },
);
