import fc from 'fast-check';
import { readDelivery } from '../../lib/webhook/forges.ts';
import { fromGithub, fromGitlab, signedByGitlab, withHeaders } from '../lib/webhook/deliveries.ts';
import { CANARY, changed, corpus, type Target, target } from './target.ts';

const bodies = changed(corpus('webhook'));
const header = fc.option(fc.oneof(fc.string(), fc.constantFrom('v1,AAAA', 'sha256=00', '1767225600')), {
  nil: undefined,
});
const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'x-github-event',
    'x-github-delivery',
    'x-hub-signature-256',
    'x-gitlab-event',
    'x-gitlab-token',
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
  ),
  header,
  { maxKeys: 2 },
);
const KEY = `whsec_${Buffer.from(CANARY).toString('base64')}`;

export const webhookTargets: readonly Target[] = [
  target('github', fc.record({ body: bodies, headers }), ({ body, headers: more }) =>
    readDelivery('github', { ...withHeaders(fromGithub(body, {}, CANARY), more), secrets: [CANARY] }),
  ),
  target('github-form', bodies, (body) => {
    const form = Buffer.from(new URLSearchParams({ payload: body.toString('latin1') }).toString());
    const delivery = fromGithub(form, { 'content-type': 'application/x-www-form-urlencoded' }, CANARY);
    return readDelivery('github', { ...delivery, secrets: [CANARY] });
  }),
  target('gitlab', fc.record({ body: bodies, headers }), ({ body, headers: more }) => {
    const delivery = fromGitlab(body, { 'x-gitlab-token': CANARY, ...more });
    return readDelivery('gitlab', { ...delivery, secrets: [CANARY] });
  }),
  target('gitlab-signed', fc.record({ body: bodies, headers }), ({ body, headers: more }) =>
    readDelivery('gitlab', { ...withHeaders(signedByGitlab(body, { key: KEY }), more), secrets: [KEY] }),
  ),
];
