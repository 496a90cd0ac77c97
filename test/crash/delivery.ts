import { createHmac, randomUUID } from 'node:crypto';
import type { World } from './world.ts';

/** What GitHub sends after `main` was moved, signed. */
export function delivery(
  { revision }: { readonly revision: string },
  { repository, secret }: Pick<World, 'repository' | 'secret'>,
): { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } {
  const { url } = repository;
  const body = Buffer.from(
    JSON.stringify({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: revision,
      repository: { full_name: 'acme/shop', clone_url: url, html_url: url, default_branch: 'main' },
    }),
  );
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  };
}
