import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { findDeployment } from '../../cli/verbs/connect/deployment.ts';
import { connectGithub } from '../../cli/verbs/connect/github.ts';
import { connectGitlab } from '../../cli/verbs/connect/gitlab.ts';
import type { Connection } from '../../cli/verbs/connect/step.ts';
import { OUTPUTS } from '../../lib/config/env-names.ts';
import { repository } from '../../lib/config/schema/repository.ts';
import { driftless, driftlessIn, inFolder } from './driftless.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:driftless/webhooks-AbCdEf';
const DEPLOYMENT = { url: 'https://x.example', webhookSecret: SECRET, gitSecretPrefix: 'driftless/git/' };
const STACK = {
  [OUTPUTS.url]: 'https://x1y2.execute-api.eu-central-1.amazonaws.com/',
  [OUTPUTS.webhookSecret]: SECRET,
  [OUTPUTS.gitSecretPrefix]: 'driftless/git/',
};

const files = (outputs: unknown) => ({ 'cdk-outputs.json': JSON.stringify(outputs) });

function commandsOf({ steps }: Connection): readonly string[] {
  return steps.map(({ commands = [] }) => commands.join('\n')).filter((text) => text.includes('|'));
}

// The commands need it on the machine of whoever runs them; what they do is shown where it is installed.
const withJq = spawnSync('sh', ['-c', 'command -v jq']).status === 0 ? test : test.skip;

/** Runs a shell with these programs in the place of the real ones: each prints how it was called, and what it was given. */
async function shell(script: string, stored: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return inFolder({}, async (folder) => {
    const get = `if [ "$2" = get-secret-value ]; then printf '%s' '${stored}'; exit; fi`;
    for (const name of ['aws', 'gh', 'glab']) {
      const body = `#!/bin/sh\n${get}\nprintf '%s ' ${name} "$@"; echo; cat\n`;
      await writeFile(`${folder}/${name}`, body, { mode: 0o755 });
    }
    await writeFile(`${folder}/app.private-key.pem`, 'PEM');
    const env = { PATH: `${folder}:${process.env['PATH']}`, WEBHOOK_SECRET: 'new', DEPLOY_TOKEN: 'token' };
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script.replace('read -rs DEPLOY_TOKEN && ', '')], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return { stdout, stderr };
  });
}

test.each(['github', 'gitlab'])('the deployed stack is read from the file of outputs: %s', async (forge) => {
  const { stdout, exitCode, stderr } = await driftlessIn(files({ Other: { A: 'b' }, Driftless: STACK }), [
    'connect',
    forge,
    '-o',
    'json',
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    forge,
    webhookUrl: `https://x1y2.execute-api.eu-central-1.amazonaws.com/webhooks/${forge}`,
    secret: { id: SECRET },
  });
});

test('by hand, only the address is needed, and the text says everything in order', async () => {
  const { stdout, exitCode } = await driftless(['connect', 'github', '--url', 'https://deploy.acme.example/']);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'webhook      https://deploy.acme.example/webhooks/github',
    'secret       driftless/webhooks',
    '             {"github": ["newest", "one before, while it is changed"]}',
    'permissions  Contents: read-only, Metadata: read-only',
    'events       push',
  ]);
  expect(stdout.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ', '6. ']);
});

test('a server and a repository of one’s own are filled in', () => {
  const text = JSON.stringify(connectGitlab(DEPLOYMENT, { host: 'git.acme.example', repo: 'tools/shop' }));
  expect(text).toContain('https://git.acme.example/tools/shop > Settings');
  expect(text).toContain("--hostname git.acme.example --method POST 'projects/tools%2Fshop/hooks'");
  expect(text).not.toContain('gitlab.com');
});

test.each([
  ['no file', {}, [], 'cdk-outputs.json: cannot be read; deploy with --outputs-file cdk-outputs.json, or give --url'],
  ['no JSON', { 'cdk-outputs.json': '{' }, [], 'cdk-outputs.json: is not what cdk deploy --outputs-file writes'],
  ['another file', files([1]), [], 'cdk-outputs.json: is not what cdk deploy --outputs-file writes'],
  ['no deployer', files({ Other: { A: 'b' } }), [], 'cdk-outputs.json: has no deployer; its stacks are Other'],
  ['another stack', files({ A: STACK }), ['--stack', 'B'], 'cdk-outputs.json: has no deployer "B"; its stacks are A'],
  [
    'two deployers',
    files({ A: STACK, B: STACK }),
    [],
    'cdk-outputs.json: has several deployers; choose one with --stack: A, B',
  ],
  [
    'an older stack',
    files({ A: { [OUTPUTS.url]: 'https://x.example' } }),
    [],
    'cdk-outputs.json: A.WebhookSecret is missing',
  ],
  ['plain http', {}, ['--url', 'http://x.example'], '"http://x.example" is not where webhooks go'],
  ['an address with a command in it', {}, ['--url', "https://x.example/';id;'"], 'is not where webhooks go'],
  [
    'the address of an endpoint',
    {},
    ['--url', 'https://x.example/webhooks/github'],
    'write the address up to /webhooks',
  ],
  ['no repository', {}, ['--url', 'https://x.example', '--repo', 'a;b'], 'Write it as OWNER/REPO.'],
  ['no host', {}, ['--url', 'https://x.example', '--host', 'https://a'], 'Write it as git.example.com.'],
])('%s is refused with what to write', async (_situation, given, args, message) => {
  const { exitCode, stdout, stderr } = await driftlessIn(given, ['connect', 'github', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('of two deployers one can be chosen', async () => {
  const deployment = await inFolder(
    files({ A: STACK, B: { ...STACK, [OUTPUTS.url]: 'https://b.example' } }),
    (folder) => findDeployment({ outputs: `${folder}/cdk-outputs.json`, stack: 'B' }),
  );
  expect(deployment).toEqual({ ...DEPLOYMENT, url: 'https://b.example' });
});

const GITHUB = connectGithub(DEPLOYMENT, { repo: 'acme/shop' });
const GITLAB = connectGitlab(DEPLOYMENT, { repo: 'acme/shop' });
const PUT = `aws secretsmanager put-secret-value --secret-id ${SECRET} --region eu-central-1 --secret-string file:///dev/stdin`;
const [newSecret = '', storeKey = '', addHook = '', endRotation = ''] = commandsOf(GITHUB);

withJq.each([
  ['the first one', '{}', '{"github":["new"]}'],
  ['beside another forge’s', '{"gitlab":["a"]}', '{"gitlab":["a"],"github":["new"]}'],
  ['before the one that is used', '{"github":["old"]}', '{"github":["new","old"]}'],
  ['before one that is no list', '{"github":"old"}', '{"github":["new","old"]}'],
  ['instead of the oldest', '{"github":["old","older"]}', '{"github":["new","old"]}'],
])('the commands store a new webhook secret: %s', async (_situation, stored, after) => {
  const script = newSecret.replace('$(openssl rand -hex 32)', 'new');
  expect(await shell(script, stored)).toEqual({ stdout: `${PUT} \n${after}\n`, stderr: '' });
});

withJq('the commands end a rotation', async () => {
  expect((await shell(endRotation, '{"github":["new","old"],"gitlab":["a","b"]}')).stdout).toBe(
    `${PUT} \n{"github":["new"],"gitlab":["a","b"]}\n`,
  );
});

withJq('the commands store credentials in the form that the deployer reads', async () => {
  const [, , storeToken = ''] = commandsOf(GITLAB);
  const key = '{"githubApp":{"appId":"APP_ID","installationId":"INSTALLATION_ID","privateKey":"PEM"}}';
  const create = 'aws secretsmanager create-secret --name driftless/git';
  expect((await shell(storeKey, '')).stdout).toBe(
    `${create}/github --region eu-central-1 --secret-string file:///dev/stdin \n${key}\n`,
  );
  expect((await shell(storeToken, '')).stdout).toBe(
    `${create}/gitlab --region eu-central-1 --secret-string file:///dev/stdin \n{"username":"USERNAME","password":"token"}\n`,
  );
});

withJq('the commands add a webhook to the repository', async () => {
  const [call, body = ''] = (await shell(addHook, '')).stdout.split('\n');
  expect(call).toBe('gh api --hostname github.com --method POST repos/acme/shop/hooks --input - ');
  expect(JSON.parse(body)).toEqual({
    name: 'web',
    active: true,
    events: ['push'],
    config: { url: 'https://x.example/webhooks/github', content_type: 'json', insecure_ssl: '0', secret: 'new' },
  });
  const [, gitlabHook = ''] = commandsOf(GITLAB);
  expect(JSON.parse((await shell(gitlabHook, '')).stdout.split('\n')[1] ?? '')).toEqual({
    url: 'https://x.example/webhooks/gitlab',
    push_events: true,
    tag_push_events: true,
    enable_ssl_verification: true,
    token: 'new',
  });
});

test.each([
  ['GitHub', GITHUB],
  ['GitLab', GITLAB],
])('what is to be written into the configuration for %s is valid', (_forge, { steps }) => {
  const document = steps.find(({ commands }) => commands?.[0]?.startsWith('apiVersion'))?.commands?.join('\n');
  expect(repository.safeParse(parse(document ?? '')).success).toBe(true);
});
