import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalSecrets, readSecretsFile } from '../../cli/dev/secrets-file.ts';
import { inFolder } from './driftless.ts';

async function read(text: string, mode = 0o600): Promise<LocalSecrets> {
  return inFolder({}, async (folder) => {
    const file = join(folder, 'secrets.yaml');
    await writeFile(file, text);
    await chmod(file, mode);
    return readSecretsFile(file);
  });
}

test('webhook secrets come in their order, credentials by the name of their secret', async () => {
  const secrets = await read(`
webhooks:
  github: [new, old]
repositories:
  git/token: { token: t0ken }
  git/basic: { username: me, password: s3cret }
  git/app: { githubApp: { appId: 12, installationId: 34, privateKey: key } }
`);
  expect(secrets).toEqual({
    webhooks: { github: ['new', 'old'] },
    repositories: {
      'git/token': { kind: 'token', token: 't0ken' },
      'git/basic': { kind: 'basic', username: 'me', password: 's3cret' },
      'git/app': { kind: 'githubApp', appId: '12', installationId: '34', privateKey: 'key' },
    },
  });
});

test('an empty file holds no secrets', async () => {
  expect(await read('# later\n')).toEqual({ webhooks: {}, repositories: {} });
});

test.each([0o604, 0o640, 0o644])('a file that others may read (%i) is refused', async (mode) => {
  await expect(read('webhooks: {}', mode)).rejects.toMatchObject({
    code: 'UsageInvalid',
    message: expect.stringMatching(
      `secrets.yaml: may be read by others \\(mode ${mode.toString(8)}\\); run chmod 600 on it`,
    ),
  });
});

test.each([
  ['an unknown forge', 'webhooks: { gitea: [hunter2-hunter2] }'],
  ['a secret that is no text', 'webhooks: { github: [{ hunter2-hunter2: 1 }] }'],
  ['an empty secret', 'webhooks: { github: [""] }\nrepositories: { a: { token: hunter2-hunter2 } }'],
  ['half a credential', 'repositories: { a: { username: hunter2-hunter2 } }'],
  ['two credentials in one', 'repositories: { a: { token: hunter2-hunter2, username: b, password: c } }'],
  ['an unknown field', 'hunter2-hunter2: 1'],
  ['no YAML', 'hunter2-hunter2: ['],
])('%s is refused without a word of the file’s content', async (_what, text) => {
  const refused: unknown = await read(text).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'ConfigInvalid',
    message: expect.stringContaining('see docs/configuration.md'),
  });
  expect(JSON.stringify(refused) + String(refused)).not.toContain('hunter2-hunter2');
});
