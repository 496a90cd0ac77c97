import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announceDeployer, localDeployer, tokenOf } from '../../cli/client/local-deployers.ts';
import { commandName } from '../../cli/command-name.ts';
import { apiToken } from '../../cli/dev/api-token.ts';
import { requireGit, requireLinux } from '../../cli/dev/platform.ts';
import { stopping } from '../../cli/dev/stopping.ts';

const at = (url: string) => ({ url, token: `token of ${url}` });

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'driftless-home-'));
});

afterEach(() => rmSync(home, { recursive: true }));

test('a deployer that has announced itself is found, until it takes that back; only its owner can read where it is', async () => {
  const env = { HOME: home };
  expect(localDeployer(env)).toBe('http://127.0.0.1:8080');
  const takeBack = await announceDeployer(at('http://127.0.0.1:18123'), env);
  const folder = join(home, '.local/state/driftless');
  expect({ files: readdirSync(folder), mode: statSync(join(folder, '18123.json')).mode & 0o777 }).toEqual({
    files: ['18123.json'],
    mode: 0o600,
  });
  expect(localDeployer(env)).toBe('http://127.0.0.1:18123');
  await takeBack();
  expect({ files: readdirSync(folder), url: localDeployer(env) }).toEqual({ files: [], url: 'http://127.0.0.1:8080' });
});

test('XDG_STATE_HOME has the files, where it is an absolute path', async () => {
  await announceDeployer(at('http://127.0.0.1:18123'), { XDG_STATE_HOME: join(home, 'state'), HOME: '/nonexistent' });
  expect(readdirSync(join(home, 'state/driftless'))).toEqual(['18123.json']);
});

test('of several deployers the one on the default port is taken; without it, they are named', async () => {
  const env = { HOME: home };
  await announceDeployer(at('http://127.0.0.1:18123'), env);
  await announceDeployer(at('http://127.0.0.1:18124'), env);
  expect(() => localDeployer(env)).toThrow(
    'several deployers run on this machine (http://127.0.0.1:18123, http://127.0.0.1:18124); select one with --url',
  );
  await announceDeployer(at('http://127.0.0.1:8080'), env);
  expect(localDeployer(env)).toBe('http://127.0.0.1:8080');
});

test('T5: the token of a deployer is sent to that deployer alone', async () => {
  const env = { HOME: home };
  await announceDeployer(at('http://127.0.0.1:18123'), env);
  const tokens = [
    'http://127.0.0.1:18123',
    'http://localhost:18123',
    'http://127.0.0.1:18124',
    'https://evil.example:18123',
  ];
  expect(tokens.map((url) => tokenOf(url, env))).toEqual([
    'token of http://127.0.0.1:18123',
    'token of http://127.0.0.1:18123',
    undefined,
    undefined,
  ]);
  expect(tokenOf('https://deploy.example', { ...env, DRIFTLESS_TOKEN: 'mine' })).toBe('mine');
});

test('what a killed deployer or anybody else has left is not taken', () => {
  const folder = join(home, '.local/state/driftless');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '1.json'), JSON.stringify({ url: 'http://127.0.0.1:1', pid: 2 ** 22 + 1, token: 'x' }));
  writeFileSync(join(folder, '2.json'), 'nonsense');
  expect(localDeployer({ HOME: home })).toBe('http://127.0.0.1:8080');
});

test.each([
  ['SIGINT', undefined, 'stopping: the start is being undone; press Ctrl-C again to end at once'],
  ['SIGINT', [], 'stopping: no operation is in a step; press Ctrl-C again to end at once'],
  ['SIGTERM', ['shop-12', 'web-3'], 'stopping (SIGTERM): finishing the current step of shop-12, web-3, at most 10 s'],
  ['parent ended', [], 'stopping (parent ended): no operation is in a step'],
] as const)('an interruption by %s says what is being finished', (cause, operations, said) => {
  expect(stopping(cause, operations)).toBe(said);
});

test.each([
  ['darwin', 'arm64'],
  ['linux', 'arm64'],
] as const)('dev and demo refuse %s %s in one sentence', (platform, arch) => {
  expect(() => requireLinux('dev', { platform, arch })).toThrow(
    `driftless dev: needs Linux on x86_64, and this is ${platform} ${arch}; use a container or a virtual machine`,
  );
});

test('the demo names Git where that is missing', () => {
  expect(() => requireGit(home)).toThrow('git: not found on the PATH; install it (https://git-scm.com)');
});

test.each([
  ['driftless', {}],
  ['npx driftless', { npm_command: 'exec', npm_lifecycle_event: 'npx' }],
  ['npm run --silent driftless --', { npm_command: 'run', npm_lifecycle_event: 'demo' }],
])('advice names the command as it was called: %s', (name, env) => {
  expect(commandName(env)).toBe(name);
});

test('a token is kept while only its owner can read it; one that came with a repository is replaced', async () => {
  const file = join(home, 'token');
  const own = await apiToken(home);
  expect([await apiToken(home), statSync(file).mode & 0o777]).toEqual([own, 0o600]);
  rmSync(file);
  writeFileSync(file, `${'a'.repeat(64)}\n`, { mode: 0o644 });
  const other = await apiToken(home);
  expect([other === 'a'.repeat(64), await apiToken(home), statSync(file).mode & 0o777]).toEqual([false, other, 0o600]);
});
