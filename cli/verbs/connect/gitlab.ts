import type { Deployment } from './deployment.ts';
import { declareHost, endRotation, newWebhookSecret, secretForm, storeCredentials } from './secrets.ts';
import type { Connection, Forge, Step } from './step.ts';

/** How GitLab is connected: a webhook of a project or a group, and a deploy token that may read. */
export function connectGitlab(
  deployment: Deployment,
  { host = 'gitlab.com', repo = 'GROUP/PROJECT' }: Forge,
): Connection {
  const webhookUrl = `${deployment.url}/webhooks/gitlab`;
  return {
    forge: 'gitlab',
    webhookUrl,
    secret: { id: deployment.webhookSecret, form: secretForm('gitlab') },
    permissions: { 'deploy token': 'read_repository' },
    events: ['Push events', 'Tag push events'],
    steps: [
      newWebhookSecret('gitlab', deployment),
      addWebhook(webhookUrl, { host, repo }),
      CREATE_TOKEN,
      storeToken(deployment),
      declareHost('gitlab', host),
      endRotation('gitlab', deployment),
    ],
  };
}

function addWebhook(webhookUrl: string, { host, repo }: Required<Forge>): Step {
  const hook = `{url: "${webhookUrl}", push_events: true, tag_push_events: true, enable_ssl_verification: true, token: env.WEBHOOK_SECRET}`;
  return {
    title: 'add a webhook to the project, or to a group for all projects in it',
    clicks: [
      `https://${host}/${repo} > Settings > Webhooks > Add new webhook`,
      `URL: ${webhookUrl}; Secret token: the one of step 1 (echo $WEBHOOK_SECRET)`,
      'Trigger: Push events (All branches), Tag push events; Enable SSL verification; Add webhook',
    ],
    commands: [
      `jq -nc '${hook}' |`,
      `  glab api --hostname ${host} --method POST 'projects/${encodeURIComponent(repo)}/hooks' --header 'Content-Type: application/json' --input -`,
    ],
  };
}

const CREATE_TOKEN: Step = {
  title: 'create a deploy token, unless the repository is public',
  clicks: [
    'project or group > Settings > Repository > Deploy tokens > Add token',
    'Scopes: read_repository; Create deploy token; note the username and the token',
  ],
};

function storeToken(deployment: Deployment): Step {
  const json = '{username: "USERNAME", password: env.DEPLOY_TOKEN}';
  return {
    title: 'store it: enter the username, and the token without echo',
    commands: [
      'read -rs DEPLOY_TOKEN && export DEPLOY_TOKEN',
      ...storeCredentials(deployment, 'gitlab', `jq -nc '${json}'`),
    ],
  };
}
