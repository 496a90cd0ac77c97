import { Settings } from '../../cli/dev/settings.ts';
import type { Repository } from '../../lib/model/configuration.ts';

const REPOSITORIES: readonly Repository[] = [
  { name: 'host', host: 'github.com', credentials: { secret: 'app' } },
  { name: 'shop', url: 'https://github.com/acme/shop', credentials: { secret: 'shop' } },
  { name: 'wiki', url: 'https://github.com/acme/wiki', credentials: { secret: 'gone' } },
];
const APP = { kind: 'githubApp', appId: '1', installationId: '2', privateKey: 'pem' } as const;
const TOKEN = { kind: 'token', token: 't0ken' } as const;

function settings(): Settings {
  const made = new Settings({
    secrets: { webhooks: {}, repositories: { app: APP, shop: TOKEN } },
    kubeconfig: () => ({ text: '' }),
    openCluster: () => Promise.reject(new Error('no cluster here')),
  });
  made.use({ applications: [], projects: [], clusters: [], repositories: REPOSITORIES }, 0);
  return made;
}

test('a repository’s own credentials go before those of its host', async () => {
  const { secrets } = settings();
  expect(await secrets.gitCredentials('https://github.com/acme/shop.git')).toEqual(TOKEN);
  expect(await secrets.gitCredentials('https://github.com/acme/blog')).toEqual(APP);
});

test('another host gets no credentials', async () => {
  expect(await settings().secrets.gitCredentials('https://gitlab.com/acme/shop')).toBeUndefined();
});

test('a secret that is not there is named with its declaration, and no other credentials are taken instead', async () => {
  await expect(settings().secrets.gitCredentials('https://github.com/acme/wiki')).rejects.toMatchObject({
    code: 'GitAccessDenied',
    message: 'Repository/wiki: secret "gone" is not in the secrets file; add it under repositories',
  });
});
