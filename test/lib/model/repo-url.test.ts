import fc from 'fast-check';
import { normalizeRepoUrl } from '../../../lib/model/repo-url.ts';
import { webAddress } from '../../builders/arbitrary-text.ts';

test.each([
  'https://github.com/acme/shop',
  'https://github.com/acme/shop.git',
  'https://github.com/acme/shop/',
  'https://github.com/acme/shop.git/',
  'http://github.com/acme/shop',
  'HTTPS://GitHub.com/Acme/Shop',
  'https://github.com:443/acme/shop',
  'https://user:token@github.com/acme/shop.git',
  'ssh://git@github.com/acme/shop.git',
  'ssh://git@github.com:22/acme/shop.git',
  'git://github.com/acme/shop.git',
  'git@github.com:acme/shop.git',
  '  https://github.com/acme/shop\n',
])('%s is the repository github.com/acme/shop', (address) => {
  expect(normalizeRepoUrl(address)).toBe('github.com/acme/shop');
});

test.each([
  ['a port of its own', 'https://git.example.com:8443/shop.git', 'git.example.com:8443/shop'],
  ['an ssh port', 'ssh://git@git.example.com:2222/acme/shop.git', 'git.example.com/acme/shop'],
  ['subgroups', 'https://gitlab.com/a/b/c/shop.git', 'gitlab.com/a/b/c/shop'],
  ['dots in its path', 'https://github.com/acme/../evil/shop', 'github.com/evil/shop'],
  ['a name that contains .git', 'https://github.com/acme/shop.github.io', 'github.com/acme/shop.github.io'],
  ['an IPv6 address', 'http://[::1]:3000/shop.git', '[::1]:3000/shop'],
])('an address with %s has its own key', (_situation, address, key) => {
  expect(normalizeRepoUrl(address)).toBe(key);
});

test.each([
  '',
  'shop',
  '/srv/git/shop.git',
  'file:///srv/git/shop.git',
  'https://github.com',
  'https://',
  'javascript:alert(1)',
  'oci://ghcr.io/acme/shop',
])('"%s" is no address of a repository', (address) => {
  expect(normalizeRepoUrl(address)).toBeUndefined();
});

test('any text has a key or none, and credentials are never part of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), webAddress), (address) => {
      expect(['string', 'undefined']).toContain(typeof normalizeRepoUrl(address));
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{8,20}$/), (token) => {
      expect(normalizeRepoUrl(`https://x:SECRET${token}@example.com/acme/shop`)).toBe('example.com/acme/shop');
    }),
  );
});
