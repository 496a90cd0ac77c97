// In: an HTTP response of a Git server. Out: where it redirects to, or nothing, once it is what was asked for. May go wrong: every other answer,
// by its own code. The body of a wrong answer is never repeated: it may come from anywhere.
import { DriftlessError } from '../../errors.ts';
import type { Address } from './address.ts';
import type { HttpResponse } from './http.ts';

/** A request that was sent, and its answer. */
export type Exchange = {
  readonly response: HttpResponse;
  readonly url: URL;
  /** What the URL has after the repository's. */
  readonly suffix: string;
  readonly address: Address;
  readonly authorized: boolean;
};

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const DENIALS: readonly number[] = [401, 403, 404, 407, 410];
const PASSING: readonly number[] = [408, 425, 429];

/** The repository's URL that a redirect points to, on the same host and never less safe; undefined where there is none. */
export async function redirectTarget(exchange: Exchange): Promise<URL | undefined> {
  const { response, url, suffix, address } = exchange;
  if (!REDIRECTS.includes(response.status)) return undefined;
  await response.discard();
  const location = response.header('location') ?? '';
  const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (target === undefined || !target.href.endsWith(suffix)) {
    throw new DriftlessError('GitProtocol', `${address.name}: the server redirects to what is no Git repository`);
  }
  if (!isSameHost(url, target)) {
    const foreign = `${target.protocol}//${target.host}`;
    throw new DriftlessError(
      'GitAccessDenied',
      `${address.name}: the server redirects to ${foreign}, where nothing is sent; if that is right, configure the repository there`,
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

/** Passes an answer that has the content type that was asked for. */
export async function checkAnswer(exchange: Exchange, contentType: string): Promise<void> {
  const { response, address } = exchange;
  const actual = (response.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (response.status === 200 && actual === contentType && response.header('content-encoding') === undefined) return;
  await response.discard();
  if (response.status !== 200) throw statusError(exchange);
  throw new DriftlessError(
    'GitProtocol',
    `${address.name}: the server answered ${actual === contentType ? 'a compressed body' : contentTypeWords(actual)} instead of Git's smart protocol; check the URL`,
  );
}

function contentTypeWords(contentType: string | undefined): string {
  return contentType !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'no content type';
}

function statusError(exchange: Exchange): DriftlessError {
  const { response, address } = exchange;
  const subject = `${address.name}: the server answered HTTP ${response.status}`;
  if (DENIALS.includes(response.status))
    return new DriftlessError('GitAccessDenied', `${subject}; ${accessRemedy(exchange)}`);
  if (response.status >= 500 || PASSING.includes(response.status)) return new DriftlessError('GitUnreachable', subject);
  return new DriftlessError('GitProtocol', subject);
}

/** Servers answer for a private repository as for one that is not there, so both remedies are named. */
function accessRemedy({ authorized, url, address }: Exchange): string {
  if (url.origin !== address.url.origin) {
    return `it redirected to ${url.origin}, where credentials are not sent; configure the repository with that address`;
  }
  if (authorized) return 'the repository is not there, or the configured credentials may not read it';
  return 'the repository is not there, or it is private and no credentials are configured for it';
}
