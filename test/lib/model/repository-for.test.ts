import type { Repository } from '../../../lib/model/configuration.ts';
import { repositoryFor } from '../../../lib/model/repository-for.ts';

function declared(name: string, target: { readonly url: string } | { readonly host: string }): Repository {
  return { name, ...target, credentials: { secret: name } };
}

const REPOSITORIES = [
  declared('host', { host: 'git.example.com' }),
  declared('shop', { url: 'https://git.example.com/acme/shop.git' }),
  declared('port', { host: 'Git.example.com:8443' }),
  declared('lab', { url: 'http://127.0.0.1:3000/acme/lab' }),
  declared('loopback', { host: '127.0.0.1:3000' }),
];

test.each([
  ['https://git.example.com/acme/shop', 'shop'],
  ['https://GIT.example.com/Acme/Shop/', 'shop'],
  ['https://git.example.com:443/acme/shop', 'shop'],
  ['https://git.example.com/acme/shop2', 'host'],
  ['https://git.example.com/acme', 'host'],
  ['https://git.example.com:8443/acme/shop', 'port'],
  ['http://127.0.0.1:3000/acme/lab.git', 'lab'],
  ['http://127.0.0.1:3000/acme/other', 'loopback'],
])('%s gets the credentials of %s', (repo, name) => {
  expect(repositoryFor(REPOSITORIES, repo)?.name).toBe(name);
});

test.each([
  ['a host that ends alike', 'https://evil-git.example.com/acme/shop'],
  ['a host that begins alike', 'https://git.example.com.evil.test/acme/shop'],
  ['a host below it', 'https://www.git.example.com/acme/shop'],
  ['another port', 'https://git.example.com:9443/acme/shop'],
  ['the host as a user', 'https://git.example.com@evil.test/acme/shop'],
  ['the host as a folder', 'https://evil.test/git.example.com/acme/shop'],
  ['plain http, where the repository is declared with https', 'http://git.example.com/acme/shop'],
  ['plain http, where the host is declared', 'http://git.example.com/acme/other'],
  ['what is no address', 'git.example.com/acme/shop'],
])('credentials do not go to %s', (_situation, repo) => {
  expect(repositoryFor(REPOSITORIES, repo)).toBeUndefined();
});
