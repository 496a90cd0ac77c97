// In: a GitHub App's credentials. Out: an installation token. May go wrong: an unusable key or a refusal is GitAccessDenied, a network
// error GitUnreachable, an unexpected response GitProtocol. No error carries the key, the signed claim or the token.
import { createHash, createSign } from 'node:crypto';
import { z } from 'zod';
import { singleFlight } from '../../async/single-flight.ts';
import { DriftlessError } from '../../errors.ts';
import type { GitCredentials } from '../../model/git-credentials.ts';
import type { Http, HttpResponse } from './http.ts';

type GithubApp = Extract<GitCredentials, { readonly kind: 'githubApp' }>;

/** Tokens of GitHub App installations, each cached until shortly before it expires. */
export type GithubAppTokens = {
  token(app: GithubApp, api: string): Promise<string>;
  /** Makes the next call request a new token, after one was refused. */
  forget(app: GithubApp, api: string): void;
};

type Installation = { readonly token: string; readonly expiresAt: number };

type TokenRequest = { readonly app: GithubApp; readonly api: string; readonly now: number };

const Answer = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() });
const SPARE_MS = 5 * 60_000;
const ANSWER_BYTES = 1_000_000;

export function createGithubAppTokens(http: Http, now: () => number): GithubAppTokens {
  const known = new Map<string, Installation>();
  const once = singleFlight<Installation>();
  return {
    token: async (app, api) => {
      const key = keyOf(app, api);
      const cached = known.get(key);
      if (cached !== undefined && cached.expiresAt - SPARE_MS > now()) return cached.token;
      const fresh = await once(key, () => requestToken(http, { app, api, now: now() }));
      known.set(key, fresh);
      return fresh.token;
    },
    forget: (app, api) => known.delete(keyOf(app, api)),
  };
}

/** The key contains the private key, so that naming another's installation returns no token of it. */
function keyOf({ appId, installationId, privateKey }: GithubApp, api: string): string {
  return JSON.stringify([api, appId, installationId, createHash('sha256').update(privateKey).digest('hex')]);
}

async function requestToken(http: Http, { app, api, now }: TokenRequest): Promise<Installation> {
  const claim = signClaim(app, now);
  const response = await http({
    method: 'POST',
    url: new URL(`${api}/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`),
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'driftless', authorization: `bearer ${claim}` },
  });
  if (response.status !== 201) {
    await response.discard();
    throw refusal(`${nameOf(app)}: ${api}`, response.status);
  }
  const answer = Answer.safeParse(await readJson(response));
  if (!answer.success) throw new DriftlessError('GitProtocol', `${nameOf(app)}: ${api} returned no installation token`);
  return { token: answer.data.token, expiresAt: Date.parse(answer.data.expires_at) };
}

/**
 * The signed claim that GitHub requires: valid for at most ten minutes, and from a minute ago, since clocks differ.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
function signClaim(app: GithubApp, now: number): string {
  const iat = Math.floor(now / 1000) - 60;
  const claim = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iat, exp: iat + 600, iss: app.appId })}`;
  try {
    // A secret that was pasted into a form may have its line breaks as two characters.
    const key = app.privateKey.replaceAll('\\n', '\n');
    return `${claim}.${createSign('RSA-SHA256').update(claim).sign(key, 'base64url')}`;
  } catch {
    // The cause is omitted: it may quote the key.
    throw new DriftlessError(
      'GitAccessDenied',
      `${nameOf(app)}: its private key cannot be used; configure the whole PEM file, line breaks included`,
    );
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function readJson({ body }: HttpResponse): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function refusal(subject: string, status: number): DriftlessError {
  const denied = status === 401 || status === 403 || status === 404;
  if (denied) {
    const remedy = 'check the app id, the installation id, the private key, and that the app is installed';
    return new DriftlessError('GitAccessDenied', `${subject} returned HTTP ${status}; ${remedy}`);
  }
  const code = status === 429 || status >= 500 ? 'GitUnreachable' : 'GitProtocol';
  return new DriftlessError(code, `${subject} returned HTTP ${status}`);
}

function nameOf({ appId, installationId }: GithubApp): string {
  return `GitHub App ${appId}, installation ${installationId}`;
}
