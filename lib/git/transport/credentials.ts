import { createHash } from 'node:crypto';
import type { GitCredentials } from '../../model/git-credentials.ts';
import type { Secrets } from '../../ports/runtime.ts';
import type { Address } from './address.ts';
import type { GithubAppTokens } from './github-app.ts';

/** Provides the credentials of one repository. */
export type Authorizer = {
  /** The value of `Authorization`; undefined where nothing is configured. */
  header(): Promise<string | undefined>;
  /** Called after the server has refused the header. */
  forget(): Promise<void>;
};

export type AuthorizerOptions = {
  readonly secrets: Pick<Secrets, 'gitCredentials'>;
  readonly tokens: GithubAppTokens;
  /** The API that belongs to a GitHub server. */
  readonly githubApi: (repository: URL) => string;
};

export function createAuthorizer(repo: string, { url }: Address, options: AuthorizerOptions): Authorizer {
  const { secrets, tokens, githubApi } = options;
  return {
    header: async () => {
      const credentials = await secrets.gitCredentials(repo);
      if (credentials === undefined) return undefined;
      if (credentials.kind !== 'githubApp') return staticHeader(credentials);
      return basic('x-access-token', await tokens.token(credentials, githubApi(url)));
    },
    forget: async () => {
      const credentials = await secrets.gitCredentials(repo, { refresh: true });
      if (credentials?.kind === 'githubApp') tokens.forget(credentials, githubApi(url));
    },
  };
}

/** Equal for equal credentials, and tells nothing of them. */
export function credentialKey(credentials: GitCredentials | undefined): string {
  return credentials === undefined ? '' : createHash('sha256').update(JSON.stringify(credentials)).digest('hex');
}

/** `https://api.github.com` for github.com; a GitHub Enterprise Server has its API beside its repositories. */
export function defaultGithubApi({ hostname, origin }: URL): string {
  return hostname === 'github.com' ? 'https://api.github.com' : `${origin}/api/v3`;
}

function staticHeader(credentials: Exclude<GitCredentials, { readonly kind: 'githubApp' }>): string {
  if (credentials.kind === 'token') return basic('x-access-token', credentials.token);
  return basic(credentials.username, credentials.password);
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
