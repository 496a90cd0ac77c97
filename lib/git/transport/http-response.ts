// In: an HTTP response of a Git server. Out: the target of its redirect, or nothing where it is the expected response. May go wrong: every other
// response, by its own code. The body of an unexpected response is never quoted: it may come from anywhere.
import { DriftlessError } from '../../errors.ts';
import type { Address } from './address.ts';
import type { HttpResponse } from './http.ts';

/** A request and its response. */
export type Exchange = {
  readonly response: HttpResponse;
  readonly url: URL;
  /** The part of the URL after the repository's. */
  readonly suffix: string;
  readonly address: Address;
  readonly authorized: boolean;
};

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const DENIALS: readonly number[] = [401, 403, 404, 407, 410];
const TRANSIENT: readonly number[] = [408, 425, 429];

/** The repository's URL that a redirect points to, on the same host and never less safe; undefined where there is none. */
export async function redirectTarget(exchange: Exchange): Promise<URL | undefined> {
  const { response, url, suffix, address } = exchange;
  if (!REDIRECTS.includes(response.status)) return undefined;
  await response.discard();
  const location = response.header('location') ?? '';
  const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (target === undefined || !target.href.endsWith(suffix)) {
    throw new DriftlessError(
      'GitProtocol',
      `${address.name}: the server redirects to a URL that is not a Git repository`,
    );
  }
  if (!isSameHost(url, target)) {
    const foreign = `${target.protocol}//${target.host}`;
    throw new DriftlessError(
      'GitAccessDenied',
      `${address.name}: the server redirects to ${foreign}, which is not followed; if it is correct, configure the repository with that URL`,
    );
  }
  return new URL(target.href.slice(0, -suffix.length));
}

/** The same scheme, host and port, or from http to https on the same host. */
function isSameHost(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '') return false;
  if (from.origin === to.origin) return true;
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
}

/** Accepts a response with the requested content type. */
export async function checkResponse(exchange: Exchange, contentType: string): Promise<void> {
  const { response, address } = exchange;
  const actual = (response.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (response.status === 200 && actual === contentType && response.header('content-encoding') === undefined) return;
  await response.discard();
  if (response.status !== 200) throw statusError(exchange);
  throw new DriftlessError(
    'GitProtocol',
    `${address.name}: the server returned ${actual === contentType ? 'a compressed body' : contentTypeText(actual)} instead of Git's smart protocol; check the URL`,
  );
}

function contentTypeText(contentType: string | undefined): string {
  return contentType !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'no content type';
}

function statusError(exchange: Exchange): DriftlessError {
  const { response, address } = exchange;
  const subject = `${address.name}: the server returned HTTP ${response.status}`;
  if (DENIALS.includes(response.status))
    return new DriftlessError('GitAccessDenied', `${subject}; ${accessRemedy(exchange)}`);
  if (response.status >= 500 || TRANSIENT.includes(response.status))
    return new DriftlessError('GitUnreachable', subject);
  return new DriftlessError('GitProtocol', subject);
}

/** Servers respond to a private repository as to a missing one, so both remedies are named. */
function accessRemedy({ authorized, url, address }: Exchange): string {
  if (url.origin !== address.url.origin) {
    return `it redirected to ${url.origin}, where credentials are not sent; configure the repository with that address`;
  }
  if (authorized) return 'the repository does not exist, or the configured credentials may not read it';
  return 'the repository does not exist, or it is private and no credentials are configured for it';
}
