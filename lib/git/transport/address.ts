import { DriftlessError } from '../../errors.ts';

/** Where a repository is: the URL that `/info/refs` is appended to, and how it is named in messages. */
export type Address = { readonly url: URL; readonly name: string };

/** Reads a repository's address; anything but plain http(s) is SourceRefused, and never repeated with the credentials in it. */
export function parseAddress(repo: string): Address {
  const url = URL.canParse(repo) ? new URL(repo) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refused(withoutUserinfo(repo), 'is no http(s) address; write https://HOST/PATH');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(withoutUserinfo(repo), 'has credentials in it; configure them as a secret instead');
  }
  if (url.search !== '' || url.hash !== '') {
    throw refused(`${url.origin}${url.pathname}`, 'has a query or fragment; leave it out');
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return { url, name: url.href };
}

/** Everything from the first `@` back to the scheme is left out, whether or not the rest is an address; so are query and fragment. */
function withoutUserinfo(text: string): string {
  return text.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
}

function refused(name: string, why: string): DriftlessError {
  return new DriftlessError('SourceRefused', `repository ${name}: ${why}`);
}
