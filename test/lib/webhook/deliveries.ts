import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import allExamples from '@octokit/webhooks-examples' with { type: 'json' };
import type { RequestHeaders, UnverifiedDelivery } from '../../../lib/webhook/delivery.ts';

type Example = { readonly ref?: string; readonly after?: string; readonly [field: string]: unknown };
type Examples = readonly { readonly name: string; readonly examples: readonly Example[] }[];

export const NOW = Date.UTC(2026, 2, 2, 8, 15);
export const SECRET = 'It is a secret to everybody';
export const SIGNING_KEY = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

const examples = allExamples as unknown as Examples;

/** GitHub's own examples of an event. */
export function githubExamples(event: string): readonly Example[] {
  return examples.find(({ name }) => name === event)?.examples ?? [];
}

export function gitlabFixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/webhooks/gitlab-${name}.json`, import.meta.url));
}

export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A delivery as GitHub makes it. */
export function fromGithub(body: Uint8Array, headers: RequestHeaders = {}, secret = SECRET): UnverifiedDelivery {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const own = { 'x-github-event': 'push', 'x-github-delivery': 'd-1', 'x-hub-signature-256': signature };
  return { headers: { ...own, ...headers }, body, secrets: [SECRET], now: NOW };
}

/** A delivery as GitLab makes it for a webhook with a secret token. */
export function fromGitlab(body: Uint8Array, headers: RequestHeaders = {}): UnverifiedDelivery {
  const own = { 'x-gitlab-event': 'Push Hook', 'x-gitlab-event-uuid': 'd-2', 'x-gitlab-token': SECRET };
  return { headers: { ...own, ...headers }, body, secrets: [SECRET], now: NOW };
}

/** A delivery as GitLab makes it for a webhook with a signing key. */
export function signedByGitlab(
  body: Uint8Array,
  { seconds = NOW / 1000, key = SIGNING_KEY }: { readonly seconds?: number | string; readonly key?: string } = {},
): UnverifiedDelivery {
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  const digest = createHmac('sha256', bytes).update(`d-3.${seconds}.`).update(body).digest('base64');
  return {
    headers: {
      'x-gitlab-event': 'Push Hook',
      'x-gitlab-event-uuid': 'd-2',
      'webhook-id': 'd-3',
      'webhook-timestamp': `${seconds}`,
      'webhook-signature': `v1,${digest}`,
    },
    body,
    secrets: [SIGNING_KEY],
    now: NOW,
  };
}

/** The same delivery with other headers; undefined removes one. */
export function withHeaders(delivery: UnverifiedDelivery, headers: RequestHeaders): UnverifiedDelivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}
