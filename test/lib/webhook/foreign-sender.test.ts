// Deliveries of forges that sign otherwise, or that have the wrong address: the answer names the setting.
import { readDelivery } from '../../../lib/webhook/forges.ts';
import { fromGithub, githubExamples, jsonBytes, SECRET } from './deliveries.ts';

const branchPush = { ...githubExamples('push').find(({ ref }) => ref === 'refs/heads/master') };

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const asForm = (payload: string): Uint8Array => new TextEncoder().encode(`payload=${encodeURIComponent(payload)}`);

test.each<[string, Parameters<typeof readDelivery>[1], string]>([
  [
    'Gitea as a form, whose signature is that of the JSON',
    {
      ...fromGithub(jsonBytes(branchPush), { ...FORM, 'x-gitea-event': 'push' }),
      body: asForm(JSON.stringify(branchPush)),
    },
    'X-Hub-Signature-256 signs the payload, and the body is a form, as Gitea sends it; set the content type of the webhook to application/json',
  ],
  [
    'a form with another secret',
    { ...fromGithub(jsonBytes(branchPush), FORM, 'another'), body: asForm(JSON.stringify(branchPush)) },
    'X-Hub-Signature-256 does not match the body',
  ],
  [
    'Gitea without a secret',
    fromGithub(jsonBytes(branchPush), { 'x-hub-signature-256': 'sha256=' }),
    'X-Hub-Signature-256 is empty; set a secret in the settings of the webhook',
  ],
  [
    'GitLab',
    { ...fromGithub(jsonBytes({})), headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': SECRET } },
    'it is one of GitLab; change the address of the webhook to /webhooks/gitlab',
  ],
  [
    'Bitbucket',
    { ...fromGithub(jsonBytes({})), headers: { 'x-event-key': 'repo:push' } },
    'it is one of Bitbucket, whose webhooks are not supported; remove the webhook',
  ],
])('S16: a delivery of %s is told what is wrong', async (_sender, delivery, why) => {
  await expect(readDelivery('github', delivery)).rejects.toMatchObject({
    code: 'SignatureMismatch',
    message: `github delivery: ${why}`,
  });
});

test('S16: a delivery of GitHub to the endpoint of GitLab is told where it belongs', async () => {
  await expect(readDelivery('gitlab', fromGithub(jsonBytes(branchPush)))).rejects.toMatchObject({
    message: 'gitlab delivery: it is one of GitHub; change the address of the webhook to /webhooks/github',
  });
});

test('S16: a ping, another event and a form of GitHub are understood', async () => {
  const body = jsonBytes({ zen: 'Keep it logically awesome.' });
  expect(await readDelivery('github', fromGithub(body, { 'x-github-event': 'ping' }))).toMatchObject({
    reason: 'the webhook works; push a commit to deploy it',
  });
  expect(await readDelivery('github', fromGithub(body, { 'x-github-event': 'pull_request' }))).toMatchObject({
    reason: 'event "pull_request" is ignored; only push is handled',
  });
  const form = asForm(JSON.stringify(branchPush));
  expect(await readDelivery('github', fromGithub(form, FORM))).toMatchObject({ kind: 'push' });
});
