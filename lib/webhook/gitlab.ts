// GitLab's deliveries. Either signed as Standard Webhooks are (`webhook-signature`, key `whsec_…`), or with the secret itself in
// X-Gitlab-Token. A signature that is present must verify: falling back to the token would let an attacker choose the weaker check.
// https://docs.gitlab.com/user/project/integrations/webhooks/
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DriftlessError } from '../errors.ts';
import type { Delivery, ForgeRules, RequestHeaders, UnverifiedDelivery } from './delivery.ts';
import { foreignSender, NO_SECRET } from './foreign-sender.ts';
import {
  address,
  afterPush,
  branchName,
  decodeUtf8,
  fullRef,
  objectId,
  parsePayload,
  repoKeys,
  requiredHeader,
} from './payload.ts';

const SIGNING_KEY_PREFIX = 'whsec_';
const TOLERANCE_SECONDS = 300;
const EVENTS = new Set(['Push Hook', 'Tag Push Hook']);

const pushPayload = z.object({
  ref: fullRef,
  after: objectId,
  checkout_sha: objectId.nullish(),
  project: z.object({
    git_http_url: address,
    git_ssh_url: address,
    web_url: address,
    default_branch: branchName,
  }),
});

/** Rules for GitLab.com and self-managed GitLab. */
export const gitlab: ForgeRules = { precheck, verify, parse };

/** A token is verified by itself; of a signature, everything but the match with the body. */
function precheck(delivery: Omit<UnverifiedDelivery, 'body'>): void {
  const signature = delivery.headers['webhook-signature'];
  if (signature === undefined) verifyToken(delivery);
  else if (!signature.startsWith('v1,') || (delivery.headers['webhook-id'] ?? '') === '')
    throw mismatch('webhook-signature does not match the body');
  else verifyTime(delivery);
}

async function verify(delivery: UnverifiedDelivery): Promise<void> {
  const signature = delivery.headers['webhook-signature'];
  if (signature === undefined) verifyToken(delivery);
  else verifySignature(signature, delivery);
}

function verifyToken({ headers, secrets }: Omit<UnverifiedDelivery, 'body'>): void {
  const token = headers['x-gitlab-token'];
  if (token === undefined) {
    const unsigned = 'webhook-signature and X-Gitlab-Token are missing; set a secret in the settings of the webhook';
    throw mismatch(foreignSender('gitlab', headers) ?? unsigned, NO_SECRET);
  }
  // A signing key is never accepted as a token: sent as one, it would no longer be a secret.
  const tokens = secrets.filter((secret) => !secret.startsWith(SIGNING_KEY_PREFIX));
  const matches = tokens.map((secret) => equalInConstantTime(secret, token));
  if (!matches.includes(true)) throw mismatch('X-Gitlab-Token is not a configured secret');
}

function verifySignature(header: string, delivery: UnverifiedDelivery): void {
  const { headers, body, secrets } = delivery;
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const signatures = header.split(' ').slice(0, 10);
  const matches = signingKeys(secrets).flatMap((key) => {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return signatures.map((signature) => equalInConstantTime(`v1,${digest}`, signature));
  });
  if (id === '' || !matches.includes(true)) throw mismatch('webhook-signature does not match the body');
  verifyTime(delivery);
}

function verifyTime({ headers, now }: Pick<UnverifiedDelivery, 'headers' | 'now'>): void {
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d{1,11}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw mismatch(`webhook-timestamp is more than ${TOLERANCE_SECONDS} s away from now; compare the clocks`);
  }
}

function signingKeys(secrets: readonly string[]): readonly Buffer[] {
  return secrets
    .filter((secret) => secret.startsWith(SIGNING_KEY_PREFIX))
    .map((secret) => Buffer.from(secret.slice(SIGNING_KEY_PREFIX.length), 'base64'))
    .filter((key) => key.length > 0);
}

function parse(headers: RequestHeaders, body: Uint8Array): Delivery {
  const name = requiredHeader(headers, 'x-gitlab-event');
  const deliveryId = requiredHeader(headers, deliveryIdHeader(headers));
  if (!EVENTS.has(name)) {
    return {
      kind: 'ignored',
      deliveryId,
      reason: `event "${name}" is ignored; only Push Hook and Tag Push Hook are handled`,
    };
  }
  const { ref, after, checkout_sha, project } = parsePayload(pushPayload, decodeUtf8(body));
  const { git_http_url, git_ssh_url, web_url, default_branch } = project;
  return {
    kind: 'push',
    event: {
      forge: 'gitlab',
      deliveryId,
      repos: repoKeys([git_http_url, git_ssh_url, web_url]),
      ref,
      ...(default_branch ? { defaultBranch: default_branch } : {}),
      // For an annotated tag, `after` is the tag object; the commit is in checkout_sha.
      ...afterPush(checkout_sha ?? after),
    },
  };
}

/** The header whose value stays the same when GitLab retries, else the one that all versions send. */
function deliveryIdHeader(headers: RequestHeaders): string {
  const stable = ['webhook-id', 'idempotency-key'].find((name) => headers[name] !== undefined);
  return stable ?? 'x-gitlab-event-uuid';
}

/** Compares digests, so that the duration reveals neither content nor length. */
function equalInConstantTime(expected: string, actual: string): boolean {
  return timingSafeEqual(sha256(expected), sha256(actual));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function mismatch(reason: string, hint?: string): DriftlessError {
  return new DriftlessError('SignatureMismatch', `gitlab delivery: ${reason}`, hint === undefined ? {} : { hint });
}
