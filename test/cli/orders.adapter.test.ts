// The verbs that give orders for one application or several, against a server that answers as a deployer, and errors as programs read them.
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Answer, type AnsweringServer, startAnswering } from './answering-server.ts';
import { inFolder } from './driftless.ts';
import { runVerb } from './in-process.ts';
import { anOperation, aView, listed } from './views.ts';

let server: AnsweringServer;
let url: string;
let asked: string[];
/** By request; the last of several answers stays. */
let answers: Record<string, readonly unknown[]>;

beforeEach(async () => {
  asked = [];
  answers = { 'GET /api/v1/applications': [{ items: ['api', 'shop'].map((name) => listed(aView({ name }))) }] };
  server = await startAnswering(receive);
  url = server.url;
});

afterEach(() => server.stop());

async function receive({ method, url: path }: IncomingMessage): Promise<Answer> {
  const what = `${method} ${path}`;
  asked.push(what);
  const [next, ...rest] = answers[what] ?? [];
  if (rest.length > 0) answers[what] = rest;
  if (next !== undefined) return { body: next };
  return { status: 404, body: { error: { code: 'EndpointUnknown', message: `${what}: does not exist` } } };
}

const started = (app: string): object => ({ app, seq: 13, operation: `${app}-13`, status: 'started' });

test('sync --all requests an operation for each application, and prints one a line', async () => {
  answers['POST /api/applications/api/sync'] = [started('api')];
  answers['POST /api/applications/shop/sync'] = [started('shop')];
  const { exitCode, stdout } = await runVerb(['sync', '--all', '--url', url]);
  expect([exitCode, stdout]).toEqual([0, 'api-13: started\nshop-13: started\n']);
});

test('sync --selector asks for the applications with the labels', async () => {
  answers['GET /api/v1/applications?selector=team%3Da'] = [{ items: [listed(aView({ name: 'api' }))] }];
  answers['POST /api/applications/api/sync'] = [started('api')];
  const { stdout } = await runVerb(['sync', '-l', 'team=a', '--url', url]);
  expect(stdout).toBe('api-13: started\n');
});

test('sync --all goes on with the others where an application cannot be deployed, and says so', async () => {
  answers['GET /api/v1/applications'] = [{ items: ['api', 'shop', 'web'].map((name) => listed(aView({ name }))) }];
  for (const app of ['api', 'web']) answers[`POST /api/applications/${app}/sync`] = [started(app)];
  const { exitCode, stdout, stderr } = await runVerb(['sync', '--all', '--url', url]);
  expect([exitCode, stdout]).toEqual([2, 'api-13: started\nweb-13: started\n']);
  expect(stderr).toMatch(/^error: Application\/shop: .* does not know POST \/api\/applications\/shop\/sync/);
});

test.each(['', ' '])('the selector %j is a mistake, since it would select everything', async (selector) => {
  const { exitCode, stderr } = await runVerb(['sync', '-l', selector, '--url', url]);
  expect([exitCode, stderr]).toEqual([
    2,
    'error: sync: --selector is empty; write labels, or --all for all applications\n',
  ]);
  expect(asked).toEqual([]);
});

test('refresh --all shows those that could be asked', async () => {
  answers['POST /api/applications/api/refresh'] = [{ application: aView({ name: 'api' }), git: 'asked' }];
  const { exitCode, stdout, stderr } = await runVerb(['refresh', '--all', '--url', url]);
  expect([exitCode, stdout.split('\n')[0]]).toEqual([2, 'api']);
  expect(stderr).toContain('error: Application/shop: ');
});

test('diff of an application that was never deployed differs from the head, and is no error', async () => {
  const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
  const changes = [{ id, action: 'created', fields: [] }];
  const head = { revision: '1a2b3c4d', changes, refusals: [], unread: [] };
  answers['GET /live/applications/shop/diff?'] = [{ app: 'shop', live: { changes: [], unread: [] }, head }];
  const { exitCode, stdout } = await runVerb(['diff', 'shop', '--url', url]);
  expect(stdout).toMatch(/^Live → deployed\nnothing has been deployed yet\n\nDeployed → head 1a2b3c4\n\+ ConfigMap/);
  expect(exitCode).toBe(1);
});

test.each([[[]], [['shop', '--all']], [['--all', '-l', 'a=b']]])('sync %j is a mistake', async (args) => {
  const { exitCode, stderr } = await runVerb(['sync', ...args, '--url', url]);
  expect([exitCode, stderr]).toEqual([
    2,
    'error: sync: name applications, or write --all, or --selector; one of them\n',
  ]);
  expect(asked).toEqual([]);
});

test('sync --wait of several has the exit code of the worst', async () => {
  for (const app of ['api', 'shop']) answers[`POST /api/applications/${app}/sync`] = [started(app)];
  answers['GET /api/applications/api/operations/13'] = [anOperation({ app: 'api', seq: 13 })];
  const outcome = { status: 'refused', message: '1 refused: a', refusals: ['a'] } as const;
  answers['GET /api/applications/shop/operations/13'] = [anOperation({ app: 'shop', seq: 13, outcome })];
  expect(await runVerb(['sync', 'api', 'shop', '--wait', '--url', url])).toMatchObject({
    exitCode: 2,
    stdout: 'api-13: synced: 2 configured, 7 unchanged\nshop-13: refused: 1 refused:\n  a\n',
  });
});

test('wait looks until everything is as awaited', async () => {
  const running = anOperation({ phase: 'apply', seq: 13 });
  answers['GET /api/applications/shop'] = [
    aView({ sync: { status: 'Progressing', reason: 'apply' }, lastOperation: running }),
    aView(),
  ];
  expect(await runVerb(['wait', 'shop', '--url', url])).toEqual({
    exitCode: 0,
    stdout: 'shop: Synced, Healthy\n',
    stderr: '',
  });
});

test('wait looks again at what was well before the others were', async () => {
  answers['GET /api/applications/api'] = [
    aView({ name: 'api' }),
    aView({ name: 'api', health: { status: 'Degraded', message: 'web is down' } }),
  ];
  answers['GET /api/applications/shop'] = [aView({ sync: { status: 'Progressing', reason: 'apply' } }), aView()];
  const { exitCode, stdout } = await runVerb(['wait', 'api', 'shop', '--timeout', '1s', '--url', url]);
  expect(stdout).toMatch(/^api: timed out; health is Degraded, web is down\nshop: Synced/);
  expect(exitCode).toBe(1);
});

test('wait --ignore-waiting does not wait for the health of what was never deployed', async () => {
  const {
    health: _,
    lastOperation: __,
    ...view
  } = aView({
    mode: 'manual',
    sync: { status: 'OutOfSync', reason: 'nothing has been deployed yet' },
  });
  answers['GET /api/applications/shop'] = [view];
  expect((await runVerb(['wait', 'shop', '--ignore-waiting', '--timeout', '1s', '--url', url])).exitCode).toBe(0);
  expect((await runVerb(['wait', 'shop', '--timeout', '1s', '--url', url])).exitCode).toBe(1);
});

test('wait says what is lacking when the time is over', async () => {
  answers['GET /api/applications/shop'] = [aView({ health: { status: 'Degraded', message: 'web is down' } })];
  const later = await runVerb(['wait', 'shop', '--health', '--timeout', '1s', '--url', url]);
  expect([later.exitCode, later.stdout]).toEqual([1, 'shop: timed out; health is Degraded, web is down\n']);
});

test('terminate names the operation that ends', async () => {
  answers['POST /api/applications/shop/terminate'] = [{ ...started('shop'), terminated: 12 }];
  expect((await runVerb(['terminate', 'shop', '--url', url])).stdout).toBe(
    'shop-13: operation 12 ends at its next boundary; driftless sync shop deploys again\n',
  );
});

test('refresh prints what was found, and notes that Git was not asked', async () => {
  answers['POST /api/applications/shop/refresh'] = [{ application: aView(), git: 'swept' }];
  const { exitCode, stdout, stderr } = await runVerb(['refresh', 'shop', '--url', url]);
  expect([exitCode, stdout.split('\n')[0], stderr]).toEqual([
    0,
    'shop',
    expect.stringMatching(/^note: Git was not asked/),
  ]);
});

test('delete lists what would go and what guards keep, and deletes nothing', async () => {
  const object = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a', guards: [], sync: { status: 'Synced' } };
  const others = ['missing', 'extra'].map((difference) => ({ ...object, name: difference, sync: { difference } }));
  const claim = { ...object, kind: 'PersistentVolumeClaim', guards: ['protected', 'drift:off'] };
  answers['GET /api/v1/applications/shop/objects'] = [{ items: [object, ...others, claim] }];
  const { exitCode, stdout } = await runVerb(['delete', 'shop', '--url', url]);
  expect([exitCode, stdout.split('\n').slice(0, 3)]).toEqual([
    0,
    [
      '- ConfigMap/shop/a',
      '! PersistentVolumeClaim/shop/a is kept (protected)',
      '1 would be deleted, 1 kept; nothing was deleted',
    ],
  ]);
  expect(asked).toEqual(['GET /api/v1/applications/shop/objects']);
});

test.each(['json', 'yaml'])(
  'an error as %s is one line of JSON on standard error, and nothing is printed',
  async (format) => {
    for (const args of [
      ['status', 'none', '--url', url],
      ['status', '--bogus'],
      ['app', 'get', 'shop'],
    ]) {
      const { exitCode, stdout, stderr } = await runVerb([...args, '-o', format]);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(JSON.parse(stderr)).toEqual({
        error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) },
      });
    }
  },
);

test('S10: an older deployer, and an address with a path, are told apart', async () => {
  const { stderr } = await runVerb(['terminate', 'shop', '--url', url]);
  expect(stderr).toContain(
    `${url}: does not know POST /api/applications/shop/terminate; it is older than this command`,
  );
  const wrong = await runVerb(['status', '--url', `${url}/api`]);
  expect(wrong.stderr).toContain(`write the address without a path, as ${url}`);
});

test.each([
  ['http://127.0.0.1:1', 'the port is one that HTTP clients refuse; correct it'],
  ['http://nowhere.invalid', 'the host '],
])('S10: the address %s is told what is wrong with it', async (address, why) => {
  expect((await runVerb(['status', '--url', address])).stderr).toContain(`error: ${address}: ${why}`);
});

test('S10: a file in place of the state folder is named', async () => {
  await inFolder(
    {
      'config/a.yaml':
        'apiVersion: driftless.dev/v1\nkind: Project\nmetadata: { name: a }\nspec: { sourceRepos: ["**"], destinations: [] }\n',
    },
    async (folder) => {
      const state = join(folder, 'state');
      await writeFile(state, '');
      expect((await runVerb(['dev', '--config', join(folder, 'config'), '--state', state])).stderr).toBe(
        `error: --state ${state}: is a file; name a folder\n`,
      );
    },
  );
});
