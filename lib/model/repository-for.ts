import type { Repository } from './configuration.ts';
import { normalizeRepoUrl } from './repo-url.ts';

/**
 * The declaration whose credentials belong to a repository: its own, else that of its host and port. Credentials are never for another host, and never
 * for plain http where they were declared for https; those of a host go over plain http to this machine only.
 */
export function repositoryFor(repositories: readonly Repository[], repo: string): Repository | undefined {
  const key = normalizeRepoUrl(repo);
  if (key === undefined) return undefined;
  const isPlain = isPlainHttp(repo);
  const own = repositories.find(
    ({ url }) => url !== undefined && normalizeRepoUrl(url) === key && (!isPlain || isPlainHttp(url)),
  );
  if (own !== undefined || (isPlain && !isLoopback(repo))) return own;
  const [host] = key.split('/', 1);
  return repositories.find((repository) => repository.host?.toLowerCase() === host);
}

function isPlainHttp(address: string): boolean {
  return /^\s*http:/i.test(address);
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname);
}
