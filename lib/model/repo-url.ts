/** The key that a repository is recorded under: its normalized address, or what is written where that is no address. */
export function repoKey(address: string): string {
  return normalizeRepoUrl(address) ?? address.toLowerCase();
}

/**
 * One key for all ways of writing a repository's address, to match webhooks with applications: `github.com/acme/shop`. Scheme, user, `.git`,
 * a trailing slash, case and default ports do not matter; scp form is understood. Undefined where it is no address.
 */
export function normalizeRepoUrl(address: string): string | undefined {
  const scp = /^[\w.-]+@([\w.-]+):(?!\/\/)(.+)$/.exec(address.trim());
  const text = scp ? `ssh://${scp[1]}/${scp[2]}` : address.trim();
  if (!/^(https?|ssh|git):\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const port = url.protocol === 'ssh:' || url.protocol === 'git:' ? '' : url.port;
  const path = url.pathname.replace(/\/+$/, '').replace(/\.git$/i, '');
  if (path === '') return undefined;
  return `${url.hostname}${port === '' ? '' : `:${port}`}${path}`.toLowerCase();
}
