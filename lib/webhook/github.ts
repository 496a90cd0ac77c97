// GitHub's deliveries. X-Hub-Signature-256 signs the raw body; the older X-Hub-Signature is SHA-1 and never read. The content type is application/json, or
// application/x-www-form-urlencoded with the JSON in `payload`: GitHub's settings offer both.
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
import { Webhooks } from '@octokit/webhooks';
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

const pushPayload = z.object({
  ref: fullRef,
  after: objectId,
  head_commit: z.object({ id: objectId }).nullish(),
  repository: z.object({
    clone_url: address,
    ssh_url: address,
    html_url: address,
    default_branch: branchName,
  }),
});

/** Rules for GitHub and GitHub Enterprise Server. */
export const github: ForgeRules = { precheck, verify, parse };

function precheck({ headers }: Pick<UnverifiedDelivery, 'headers'>): void {
  signatureOf(headers);
}

function signatureOf(headers: RequestHeaders): string {
  const signature = headers['x-hub-signature-256'];
  if (signature === undefined) throw mismatch(foreignSender('github', headers) ?? unsigned('is missing'), NO_SECRET);
  // Gitea sends the prefix alone.
  if (signature === 'sha256=') throw mismatch(unsigned('is empty'), NO_SECRET);
  if (!/^sha256=[0-9a-f]{64}$/.test(signature)) throw mismatch('X-Hub-Signature-256 does not match the body');
  return signature;
}

async function verify({ headers, body, secrets }: UnverifiedDelivery): Promise<void> {
  const signature = signatureOf(headers);
  const text = decodeUtf8(body);
  if (!text) throw mismatch('X-Hub-Signature-256 does not match the body');
  // All secrets are tried, so that the duration does not reveal which one matches.
  const matches = await Promise.all(secrets.map((secret) => new Webhooks({ secret }).verify(text, signature)));
  if (matches.includes(true)) return;
  if (await signsPayload(headers, text, { secrets, signature }))
    throw mismatch(
      'X-Hub-Signature-256 signs the payload, and the body is a form, as Gitea sends it; set the content type of the webhook to application/json',
      'set the content type in the settings of the webhook',
    );
  throw mismatch('X-Hub-Signature-256 does not match the body');
}

type Signed = { readonly secrets: readonly string[]; readonly signature: string };

/** Whether the secret is right, and what is signed is not what was sent: Gitea signs the JSON that it puts into a form. */
async function signsPayload(headers: RequestHeaders, text: string, { secrets, signature }: Signed): Promise<boolean> {
  const payload = isForm(headers) ? new URLSearchParams(text).get('payload') : null;
  if (payload === null || payload === '') return false;
  const matches = await Promise.all(secrets.map((secret) => new Webhooks({ secret }).verify(payload, signature)));
  return matches.includes(true);
}

function unsigned(how: string): string {
  return `X-Hub-Signature-256 ${how}; set a secret in the settings of the webhook`;
}

function parse(headers: RequestHeaders, body: Uint8Array): Delivery {
  const name = requiredHeader(headers, 'x-github-event');
  const deliveryId = requiredHeader(headers, 'x-github-delivery');
  if (name === 'ping') return { kind: 'ignored', deliveryId, reason: 'the webhook works; push a commit to deploy it' };
  if (name !== 'push')
    return { kind: 'ignored', deliveryId, reason: `event "${name}" is ignored; only push is handled` };
  const { ref, after, head_commit, repository } = parsePayload(pushPayload, jsonText(headers, body));
  const { clone_url, ssh_url, html_url, default_branch } = repository;
  return {
    kind: 'push',
    event: {
      forge: 'github',
      deliveryId,
      repos: repoKeys([clone_url, ssh_url, html_url]),
      ref,
      ...(default_branch ? { defaultBranch: default_branch } : {}),
      // For an annotated tag, `after` is the tag object; the commit is in head_commit.
      ...afterPush(head_commit?.id ?? after),
    },
  };
}

function jsonText(headers: RequestHeaders, body: Uint8Array): string | undefined {
  const text = decodeUtf8(body);
  if (!isForm(headers)) return text;
  const payload = new URLSearchParams(text).get('payload');
  if (payload !== null) return payload;
  throw new DriftlessError('PayloadInvalid', 'push payload: the form has no field "payload"');
}

function isForm(headers: RequestHeaders): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

function mismatch(reason: string, hint?: string): DriftlessError {
  return new DriftlessError('SignatureMismatch', `github delivery: ${reason}`, hint === undefined ? {} : { hint });
}
