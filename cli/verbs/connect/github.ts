import type { Deployment } from './deployment.ts';
import { declareHost, endRotation, newWebhookSecret, secretForm, storeCredentials } from './secrets.ts';
import type { Connection, Forge, Step } from './step.ts';

/** How GitHub is connected: an App for the webhooks of many repositories and for reading them, or a webhook of one. */
export function connectGithub(deployment: Deployment, { host = 'github.com', repo = 'OWNER/REPO' }: Forge): Connection {
  const webhookUrl = `${deployment.url}/webhooks/github`;
  return {
    forge: 'github',
    webhookUrl,
    secret: { id: deployment.webhookSecret, form: secretForm('github') },
    permissions: { Contents: 'read-only', Metadata: 'read-only' },
    events: ['push'],
    steps: [
      newWebhookSecret('github', deployment),
      createApp(webhookUrl),
      storeKey(deployment),
      declareHost('github', host),
      repositoryWebhook(webhookUrl, { host, repo }),
      endRotation('github', deployment),
    ],
  };
}

function createApp(webhookUrl: string): Step {
  return {
    title:
      'create a GitHub App; it delivers the pushes of all repositories that it is installed on, and has read access to them',
    clicks: [
      'your organization > Settings > Developer settings > GitHub Apps > New GitHub App',
      `Webhook: Active; Webhook URL: ${webhookUrl}; Secret: the one of step 1 (echo $WEBHOOK_SECRET)`,
      'Permissions > Repository permissions > Contents: Read-only (Metadata: Read-only comes with it)',
      'Subscribe to events: Push',
      'Where can this GitHub App be installed: Only on this account; Create GitHub App',
      'note the App ID; Generate a private key: a .pem file is downloaded',
      'Install App > your organization > Only select repositories; the number at the end of the address is the installation id',
    ],
  };
}

function storeKey(deployment: Deployment): Step {
  const json = `{githubApp: {appId: "APP_ID", installationId: "INSTALLATION_ID", privateKey: $key}}`;
  return {
    title: 'store its key; enter the two ids, then delete the .pem file',
    commands: storeCredentials(deployment, 'github', `jq -nc --rawfile key app.private-key.pem '${json}'`),
  };
}

function repositoryWebhook(webhookUrl: string, { host, repo }: Required<Forge>): Step {
  const config = `{url: "${webhookUrl}", content_type: "json", insecure_ssl: "0", secret: env.WEBHOOK_SECRET}`;
  return {
    title: 'instead of 2 to 4, for one public repository: a webhook',
    clicks: [
      `https://${host}/${repo} > Settings > Webhooks > Add webhook`,
      `Payload URL: ${webhookUrl}; Content type: application/json; Secret: the one of step 1`,
      'Enable SSL verification; Just the push event; Active; Add webhook',
    ],
    commands: [
      `jq -nc '{name: "web", active: true, events: ["push"], config: ${config}}' |`,
      `  gh api --hostname ${host} --method POST 'repos/${repo}/hooks' --input -`,
    ],
  };
}
