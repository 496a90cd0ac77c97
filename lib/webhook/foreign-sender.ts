import type { RequestHeaders } from './delivery.ts';

/** The remedy for a delivery without a signature: nothing can be compared. */
export const NO_SECRET = 'docs/deploy.md has the settings of the webhook';

/** Headers that each forge sends; Gitea and Forgejo send those of GitHub besides their own. */
const SENDERS: readonly (readonly [header: string, forge: string, name: string])[] = [
  ['x-gitlab-event', 'gitlab', 'GitLab'],
  ['x-github-event', 'github', 'GitHub'],
  ['x-event-key', 'bitbucket', 'Bitbucket'],
];

/** Why a delivery without a signature of this forge is one of another forge; undefined where it is not. */
export function foreignSender(forge: 'github' | 'gitlab', headers: RequestHeaders): string | undefined {
  const sender = SENDERS.find(([header]) => headers[header] !== undefined);
  if (sender === undefined || sender[1] === forge) return undefined;
  const [, other, name] = sender;
  if (other === 'bitbucket') return `it is one of ${name}, whose webhooks are not supported; remove the webhook`;
  return `it is one of ${name}; change the address of the webhook to /webhooks/${other}`;
}
