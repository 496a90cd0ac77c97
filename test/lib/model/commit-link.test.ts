import { commitLink } from '../../../lib/model/commit-link.ts';

const SHA = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d';

test.each([
  ['https://github.com/acme/shop', `https://github.com/acme/shop/commit/${SHA}`],
  ['https://github.com/acme/shop.git/', `https://github.com/acme/shop/commit/${SHA}`],
  ['https://github.example.com/acme/shop', `https://github.example.com/acme/shop/commit/${SHA}`],
  ['https://gitlab.com/acme/team/shop.git', `https://gitlab.com/acme/team/shop/-/commit/${SHA}`],
  ['https://gitlab.example.com:8443/acme/shop', `https://gitlab.example.com:8443/acme/shop/-/commit/${SHA}`],
  ['https://bitbucket.org/acme/shop', `https://bitbucket.org/acme/shop/commits/${SHA}`],
  ['https://gitea.example.com/acme/shop', `https://gitea.example.com/acme/shop/commit/${SHA}`],
  ['https://codeberg.org/acme/shop', `https://codeberg.org/acme/shop/commit/${SHA}`],
  ['https://forgejo.acme.io/acme/shop', `https://forgejo.acme.io/acme/shop/commit/${SHA}`],
])('the commit of %s is at %s', (repo, link) => {
  expect(commitLink(repo, SHA)).toBe(link);
});

test.each([
  ['a server that is none of the forges', 'https://git.example.com/acme/shop'],
  ['a name that only holds the word', 'https://mygithubs.example.com/acme/shop'],
  ['a server without https', 'http://github.com/acme/shop'],
  ['no address', 'acme/shop'],
  ['a forge without a repository', 'https://github.com/'],
])('%s has no link', (_what, repo) => {
  expect(commitLink(repo, SHA)).toBeUndefined();
});

test('a link never has credentials, a query, or what is no commit', () => {
  expect(commitLink('https://ada:secret@github.com/acme/shop?token=x#y', SHA)).toBe(
    `https://github.com/acme/shop/commit/${SHA}`,
  );
  expect(commitLink('https://github.com/acme/shop', 'main')).toBeUndefined();
});
