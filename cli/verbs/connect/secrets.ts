// Commands that put secrets where the deployer reads them. None has a secret in its arguments, which other processes of the machine can see.
import type { Deployment } from './deployment.ts';
import type { Step } from './step.ts';

/** How the value of the webhook secret is made. */
export function secretForm(forge: string): string {
  return `{"${forge}": ["newest", "one before, while it is changed"]}`;
}

/** Makes a secret for the forge's webhooks and adds it to what is stored; the one before stays valid. */
export function newWebhookSecret(forge: string, { webhookSecret }: Deployment): Step {
  return {
    title: 'make a secret; deliveries are accepted that are signed with it, or still with the one before',
    commands: [
      'export WEBHOOK_SECRET=$(openssl rand -hex 32)',
      ...changeSecret(webhookSecret, `.${forge} = ([env.WEBHOOK_SECRET, .${forge} // []] | flatten)[:2]`),
    ],
  };
}

/** Makes the secret before the newest invalid. */
export function endRotation(forge: string, { webhookSecret }: Deployment): Step {
  return {
    title: 'later, to change the secret: 1 again, write the new one in the forge, then forget the old one',
    commands: changeSecret(webhookSecret, `.${forge} = ([.${forge} // []] | flatten)[:1]`),
  };
}

/** Stores Git credentials, which the first command prints, under a name that Repository documents can give. */
export function storeCredentials(
  { gitSecretPrefix, webhookSecret }: Deployment,
  name: string,
  json: string,
): readonly string[] {
  const target = `--name '${gitSecretPrefix}${name}'${regionOf(webhookSecret)}`;
  return [`${json} |`, `  aws secretsmanager create-secret ${target} --secret-string file:///dev/stdin`];
}

/** What the configuration says of credentials for all repositories of a host. */
export function declareHost(name: string, host: string): Step {
  return {
    title: 'declare in the configuration which repositories the credentials are for',
    commands: [
      'apiVersion: driftless.dev/v1',
      'kind: Repository',
      `metadata: { name: ${name} }`,
      `spec: { host: ${host}, credentials: { secret: ${name} } }`,
    ],
  };
}

function changeSecret(id: string, change: string): readonly string[] {
  const target = `--secret-id '${id}'${regionOf(id)}`;
  return [
    `aws secretsmanager get-secret-value ${target} --query SecretString --output text |`,
    `  jq -c '${change}' |`,
    `  aws secretsmanager put-secret-value ${target} --secret-string file:///dev/stdin`,
  ];
}

function regionOf(id: string): string {
  const region = /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(id)?.[1];
  return region === undefined ? '' : ` --region ${region}`;
}
