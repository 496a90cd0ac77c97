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

const FORM = '{token}, {username, password} or {githubApp: {appId, installationId, privateKey}}';

test.each([
  ['webhooks: {githb: [abc]}', ': webhooks.githb: is no known forge; write github'],
  [
    'webhooks: {gitea: [x]}',
    ': webhooks.gitea: Gitea signs as GitHub does: write its secret under github, and use /webhooks/github',
  ],
  ['webhooks: {hunter2: x}', ': webhooks: has an unknown forge; known are github, gitlab'],
  ['webhooks: [a]', ': webhooks: is a list; write a mapping of forges to secrets, as {github: [3f9c0d6b1e]}'],
  ['webhooks:', ': webhooks: is empty; write a mapping of forges to secrets, as {github: [3f9c0d6b1e]}'],
  ['webhooks: {github: ""}', ': webhooks.github: is empty; write a secret or a list of secrets, as [3f9c0d6b1e]'],
  ['webhooks: {github: 12}', ': webhooks.github: is no text; write a secret or a list of secrets, as [3f9c0d6b1e]'],
  ['webhooks: {github: [{a: b}]}', ': webhooks.github.0: is a mapping; write the secret as text, or remove it'],
  ['webhook: {}', ': webhook: is no known field; write webhooks'],
  ['- a', ': document: is a list; write a mapping with webhooks, repositories, or both'],
  ['webhooks:\n\tgithub: [a]', ':2: is indented with a tab; write spaces'],
  ['webhooks: {github: a, github: b}', ':1: has a name a second time; remove one'],
  ['repositories: [a]', `: repositories: is a list; write a mapping of names to ${FORM}`],
  ['repositories: {a: {tokn: x}}', ': repositories.a.tokn: is no known field; write token'],
  [
    'repositories: {a: {tokenhunter2: x}}',
    ': repositories.a: has an unknown field; known are token, username, password, githubApp',
  ],
  ['repositories: {a: {username: b}}', `: repositories.a: has username; write ${FORM}`],
  ['repositories: {a: {token: b, username: c}}', `: repositories.a: has token, username; write ${FORM}`],
  [
    'repositories: {a: {githubApp: {appId: 1, installationId: 3}}}',
    ': repositories.a.githubApp.privateKey: is missing; write what the settings of the GitHub App show',
  ],
])('S10: %j is refused with its place and what to write', async (text, problem) => {
  await expect(read(text)).rejects.toMatchObject({
    message: expect.stringMatching(`secrets.yaml${escaped(problem)}; see docs/configuration.md for its form$`),
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
