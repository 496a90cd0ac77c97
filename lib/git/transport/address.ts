import { DriftlessError } from '../../errors.ts';

/** The URL of a repository, to which `/info/refs` is appended, and its name in messages. */
export type Address = { readonly url: URL; readonly name: string };

/** Reads a repository's URL; anything but plain http(s) is SourceRefused, and the message never contains credentials. */
export function parseAddress(repo: string): Address {
  const url = URL.canParse(repo) ? new URL(repo) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refused(withoutUserinfo(repo), 'is not an http(s) URL; write https://HOST/PATH');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(withoutUserinfo(repo), 'contains credentials; configure them as a secret instead');
  }
  if (url.search !== '' || url.hash !== '') {
    throw refused(`${url.origin}${url.pathname}`, 'has a query or fragment; leave it out');
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return { url, name: url.href };
}

/** Omits everything between the scheme and the last `@`, whether or not the rest is a URL; omits query and fragment too. */
function withoutUserinfo(text: string): string {
  return text.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
}

function refused(name: string, why: string): DriftlessError {
  return new DriftlessError('SourceRefused', `repository ${name}: ${why}`);
}
