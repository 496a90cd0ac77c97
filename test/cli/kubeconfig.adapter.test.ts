import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftless-kubeconfig-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Parts = { readonly name?: string; readonly cluster?: object; readonly user?: object; readonly current?: string };

function kubeconfig({
  name = 'dev',
  cluster = {},
  user = { token: 'secret-token' },
  current = name,
}: Parts = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: `${name}-cluster`, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: [{ name: `${name}-user`, user }],
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: `${name}-user` } }],
    'current-context': current,
  });
}

function write(file: string, text: string): string {
  const path = join(folder, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const withAuth = { auth: expect.any(Function) };

test('a token and an authority make an access', async () => {
  const cluster = { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes' };
  const access = await readKubeconfig({ text: kubeconfig({ cluster }) });
  expect(access).toEqual({
    server: 'https://dev.example:6443',
    caData: 'CA',
    tlsServerName: 'kubernetes',
    ...withAuth,
  });
  expect(await access.auth()).toEqual({ authorization: 'Bearer secret-token' });
});

test('files that it names are found beside it', async () => {
  write('pki/ca.crt', 'CA');
  write('pki/me.crt', 'CERT');
  write('pki/me.key', 'KEY');
  const path = write(
    'config',
    kubeconfig({
      cluster: { 'certificate-authority': 'pki/ca.crt' },
      user: { 'client-certificate': 'pki/me.crt', 'client-key': 'pki/me.key' },
    }),
  );
  const access = await readKubeconfig({ path });
  expect(access).toMatchObject({ caData: 'CA', clientCert: { cert: 'CERT', key: 'KEY' } });
  expect(await access.auth()).toEqual({});
});

test.each([
  ['a name and a password', { username: 'joe', password: 'pw' }, { authorization: `Basic ${base64('joe:pw')}` }],
  ['another user', { token: 't', as: 'jane' }, { authorization: 'Bearer t', 'impersonate-user': 'jane' }],
])('%s become headers', async (_what, user, headers) => {
  const { auth } = await readKubeconfig({ text: kubeconfig({ user }) });
  expect(await auth()).toEqual(headers);
});

test('verification is left out only where the file says so', async () => {
  const { insecureSkipTlsVerify } = await readKubeconfig({
    text: kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } }),
  });
  expect(insecureSkipTlsVerify).toBe(true);
});

test('a proxy on this machine may be plain http', async () => {
  const access = await readKubeconfig({ text: kubeconfig({ cluster: { server: 'http://127.0.0.1:8001' }, user: {} }) });
  expect(access).toEqual({ server: 'http://127.0.0.1:8001', ...withAuth });
});

test('a context is chosen by name', async () => {
  const path = `${write('a', kubeconfig({ name: 'dev' }))}:${write('b', kubeconfig({ name: 'prod' }))}`;
  expect((await readKubeconfig({ path, context: 'prod' })).server).toBe('https://prod.example:6443');
  expect((await readKubeconfig({ path })).server).toBe('https://dev.example:6443');
});

test('of several files the first one wins, and those that are not there do not matter', async () => {
  const first = write('a', kubeconfig({ user: { token: 'first' } }));
  const second = write('b', kubeconfig({ user: { token: 'second' } }));
  const { auth } = await readKubeconfig(
    {},
    { environment: { KUBECONFIG: `${join(folder, 'none')}:${first}:${second}` } },
  );
  expect(await auth()).toEqual({ authorization: 'Bearer first' });
});

test('without a name, the file in the home folder is read', async () => {
  write('.kube/config', kubeconfig({ name: 'home' }));
  expect((await readKubeconfig({}, { environment: { HOME: folder } })).server).toBe('https://home.example:6443');
});

describe('a plugin', () => {
  /** A plugin that counts its runs in its token. */
  function plugin(then = ''): object {
    const count = join(folder, 'count');
    writeFileSync(count, '');
    const credential = `{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t$(wc -c < ${count} | tr -d ' ')"}}`;
    const script = write('plugin', `#!/bin/sh\nprintf x >> ${count}\n${then}\ncat <<END\n${credential}\nEND\n`);
    chmodSync(script, 0o755);
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: script, args: [] } };
  }

  test('runs once for many requests, and again when its token is refused', async () => {
    let now = 0;
    const { auth } = await readKubeconfig({ text: kubeconfig({ user: plugin() }) }, { now: () => now });
    expect(await Promise.all([auth(), auth()])).toEqual(Array(2).fill({ authorization: 'Bearer t1' }));
    now += 5_000;
    const renewed = await Promise.all([1, 2, 3].map(() => auth({ refresh: true })));
    expect(renewed).toEqual(Array(3).fill({ authorization: 'Bearer t2' }));
    expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('xx');
  });

  test('that is not installed is named', async () => {
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin' } };
    await expect(readKubeconfig({ text: kubeconfig({ user }) })).rejects.toMatchObject({
      code: 'PrerequisiteMissing',
      message: 'kubeconfig: user "dev-user": plugin "no-such-plugin" is not installed; install it',
    });
  });

  test('that fails is quoted', async () => {
    const user = plugin('echo "session expired" >&2; exit 1');
    await expect(readKubeconfig({ text: kubeconfig({ user }) })).rejects.toMatchObject({
      code: 'ClusterAccessDenied',
      message: expect.stringMatching(/^kubeconfig: user "dev-user": plugin ".*" failed: session expired$/),
    });
  });
});

describe('an error names the file and the remedy:', () => {
  test.each([
    ['a context that does not exist', { context: 'prod' }, kubeconfig(), 'context "prod" does not exist; it has dev'],
    [
      'no current context',
      {},
      kubeconfig({ current: '' }),
      'there is no current context; name one with --context: it has dev',
    ],
    ['nothing in it', {}, '{}', 'there is no current context; name one with --context: it has none'],
    [
      'a cluster that is not defined',
      {},
      kubeconfig().replace('name: dev-cluster', 'name: other'),
      'context "dev": cluster "dev-cluster" is not defined',
    ],
    [
      'a user that is not defined',
      {},
      kubeconfig().replace('name: dev-user', 'name: other'),
      'context "dev": user "dev-user" is not defined',
    ],
    [
      'a proxy',
      {},
      kubeconfig({ cluster: { 'proxy-url': 'socks5://localhost:1' } }),
      'proxy-url "socks5://localhost:1" is not supported; reach the cluster directly',
    ],
    [
      'a cluster without a server',
      {},
      kubeconfig({ cluster: { server: '' } }),
      'clusters[0].cluster.server is missing',
    ],
  ])('%s', async (_what, source, text, message) => {
    const path = write('config', text);
    await expect(readKubeconfig({ path, ...source })).rejects.toMatchObject({
      code: 'UsageInvalid',
      message: `kubeconfig ${path}: ${message}`,
    });
  });

  test('a file that is not YAML, without showing what is in it', async () => {
    const path = write('config', 'users:\n  - token: secret-token\n bad: [\n');
    const error = await readKubeconfig({ path }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UsageInvalid', message: expect.stringContaining(path) });
    expect((error as Error).message).not.toContain('secret-token');
  });

  test('a file that is not there', async () => {
    const path = join(folder, 'none');
    await expect(readKubeconfig({ path })).rejects.toMatchObject({
      code: 'UsageInvalid',
      message: `kubeconfig ${path}: no such file; check --kubeconfig`,
    });
  });

  test.each([
    [
      'KUBECONFIG',
      { KUBECONFIG: '/none/a:/none/b' },
      'kubeconfig /none/a:/none/b: KUBECONFIG: no such file; correct KUBECONFIG, or name a file with --kubeconfig',
    ],
    [
      'the home folder',
      { HOME: '/none' },
      'kubeconfig /none/.kube/config: no such file; set KUBECONFIG or name a file with --kubeconfig',
    ],
  ])('no file where %s says', async (_what, environment, message) => {
    await expect(readKubeconfig({}, { environment })).rejects.toMatchObject({ code: 'PrerequisiteMissing', message });
  });
});
