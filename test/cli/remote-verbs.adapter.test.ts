// The verbs for a running deployer, against a server that answers as one, or as none.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { json } from 'node:stream/consumers';
import { type Answer, type AnsweringServer, startAnswering } from './answering-server.ts';
import { driftless, type Ended } from './driftless.ts';
import { runVerb } from './in-process.ts';
import { aDrift, anObject, anOperation, aView, listed } from './views.ts';

let server: AnsweringServer;
let url: string;
let asked: { readonly request: string; readonly body?: unknown }[];
/** Answers by request; several to the same one are given one after another. */
let answers: Record<string, readonly Answer[]>;

beforeEach(async () => {
  asked = [];
  answers = {};
  server = await startAnswering(receive);
  url = server.url;
});

afterEach(() => server.stop());

async function receive(message: IncomingMessage): Promise<Answer> {
  const request = `${message.method} ${message.url}`;
  asked.push({ request, ...(message.method === 'POST' && { body: await json(message) }) });
  const [next, ...rest] = answers[request] ?? [];
  if (rest.length > 0) answers[request] = rest;
  return (
    next ?? { status: 404, body: { error: { code: 'EndpointUnknown', message: `${request}: there is nothing here` } } }
  );
}

const ask = (...args: readonly string[]): Promise<Ended> => runVerb([...args, '--url', url]);
const by = userInfo().username;
const STARTED = { app: 'shop', seq: 13, operation: 'shop-13', status: 'started' };

test('a configuration that is not followed is below the table, and an error', async () => {
  const problems = [{ file: 'shop.yaml', line: 3, field: 'spec.project', message: 'is missing' }];
  const configuration = {
    status: 'invalid',
    problems,
    count: 1,
    since: new Date().toISOString(),
    revision: '1a2b3c4d',
  };
  answers = { 'GET /api/v1/applications': [{ body: { items: [listed(aView())], configuration } }] };
  const { exitCode, stdout } = await ask('status');
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(
    /\n\nconfiguration 1a2b3c4 has been refused .+ 1 problem; .+\n {2}shop\.yaml:3: spec\.project: is missing\n$/s,
  );
});

test('without a deployer one line names the address, and one the remedy', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  expect(await driftless(['status'], { env: { DRIFTLESS_URL: `http://127.0.0.1:${port}` } })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: http://127.0.0.1:${port}: nothing listens there\nhint: start the deployer with \`driftless dev\`, or name another one with --url or DRIFTLESS_URL (DeployerUnreachable)\n`,
  });
});

test.each([
  ['a server that is not a deployer', { status: 200, body: '<html>' }, 'is not a deployer (HTTP 200)'],
  [
    'a deployer that is starting',
    { status: 503, body: 'the deployer is starting\n' },
    'is still starting; try again in a few seconds',
  ],
])('%s is told from one that answers', async (_what, answer, why) => {
  answers['GET /api/v1/applications'] = [answer];
  const { exitCode, stderr } = await ask('status');
  expect([exitCode, stderr.split('\n')[0]]).toEqual([2, `error: ${url}: ${why}`]);
});

test('an error of the deployer is told as it was there, with its remedy', async () => {
  const message = 'Application/nope: is not configured';
  answers['GET /api/applications/nope'] = [{ status: 404, body: { error: { code: 'ApplicationUnknown', message } } }];
  expect(await ask('status', 'nope')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: ${message}\nhint: check the name; \`driftless status\` lists the configured applications (ApplicationUnknown)\n`,
  });
});

test.each([
  ['well', aView(), 0],
  ['going on', aView({ sync: { status: 'Progressing' }, health: { status: 'Progressing', message: '' } }), 0],
  ['out of sync', aView({ sync: { status: 'OutOfSync', reason: 'x' } }), 1],
  ['degraded', aView({ health: { status: 'Degraded', message: 'x' } }), 1],
] as const)('status of an application that is %s has its exit code', async (_how, view, exitCode) => {
  answers['GET /api/applications'] = [{ body: { applications: [aView(), view] } }];
  answers['GET /api/applications/shop'] = [{ body: view }];
  answers['GET /api/applications?names=shop'] = [{ body: { applications: [view] } }];
  answers['GET /api/v1/applications'] = [{ body: { items: [listed(aView()), listed(view)] } }];
  const all = await ask('status', '-o', 'json');
  expect([all.exitCode, JSON.parse(all.stdout)]).toEqual([exitCode, [aView(), view]]);
  expect((await ask('status')).exitCode).toBe(exitCode);
  expect((await ask('status', 'shop')).exitCode).toBe(exitCode);
});

test('S1: status --live lets the deployer look first, at one application or at all, and names a cluster that it could not look at', async () => {
  const clusters = [
    { cluster: 'prod', status: 'scanned' },
    { cluster: 'test', status: 'unreachable', reason: 'it is away' },
  ];
  answers['POST /api/drift/scan'] = [{ body: { applications: [], clusters } }];
  answers['GET /api/applications/shop'] = [{ body: aView() }];
  answers['GET /api/v1/applications'] = [{ body: { items: [listed(aView())] } }];
  await ask('status', 'shop', '--live');
  expect((await ask('status', '--live')).stderr).toContain('Cluster/test: the scan is unreachable, it is away');
  expect(asked).toEqual([
    { request: 'POST /api/drift/scan', body: { apps: ['shop'] } },
    { request: 'GET /api/applications/shop' },
    { request: 'POST /api/drift/scan', body: {} },
    { request: 'GET /api/v1/applications' },
  ]);
});

test('status reads the list page by page, and the views of the first ten applications that are not well', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `app-${n + 10}`);
  const views = names.map((name) => aView({ name, sync: { status: 'OutOfSync', reason: `${name} differs` } }));
  const items = views.map(listed);
  answers['GET /api/v1/applications'] = [{ body: { items: items.slice(0, 5), next: 'app-14' } }];
  answers['GET /api/v1/applications?after=app-14'] = [{ body: { items: items.slice(5) } }];
  // The first one has been removed since it was listed.
  const some = `GET /api/applications?names=${names.slice(0, 10).join(',')}`;
  answers[some] = [{ body: { applications: views.slice(1, 10) } }];
  const { exitCode, stdout } = await ask('status');
  expect(exitCode).toBe(1);
  expect(stdout.split('\n').slice(13)).toEqual([
    '',
    ...names.slice(1, 10).map((name) => `${name}: OutOfSync, ${name} differs`),
    'and 3 more; driftless status APP explains one',
    '',
  ]);
  expect(asked).toHaveLength(3);
});

test('drift has exit code 1 where something has drifted, and looks first when it is told to', async () => {
  const drifted = aDrift([anObject()]);
  answers['GET /api/drift'] = [{ body: { applications: [aDrift([])] } }];
  answers['POST /api/drift/scan'] = [{ body: { applications: [drifted], clusters: [] } }];
  answers['GET /api/applications/shop/drift'] = [{ body: drifted }];
  expect((await ask('drift')).exitCode).toBe(0);
  expect((await ask('drift', '--now')).exitCode).toBe(1);
  const one = await ask('drift', 'shop', '--now', '-o', 'json');
  expect([one.exitCode, JSON.parse(one.stdout)]).toEqual([1, drifted]);
  expect(asked).toEqual([
    { request: 'GET /api/drift' },
    { request: 'POST /api/drift/scan', body: {} },
    { request: 'POST /api/drift/scan', body: { apps: ['shop'] } },
    { request: 'GET /api/applications/shop/drift' },
  ]);
});

test('a scan that did not come to its end is noted beside what is known', async () => {
  const clusters = [
    { cluster: 'prod', status: 'scanned' },
    { cluster: 'test', status: 'failed', reason: 'the table does not answer' },
  ];
  answers['POST /api/drift/scan'] = [{ body: { applications: [aDrift([], { cluster: 'test' })], clusters } }];
  expect(await ask('drift', '--now')).toEqual({
    exitCode: 2,
    stdout: '0 of 1 application has drifted, 1 unknown\n',
    stderr: 'note: Cluster/test: the scan is failed, the table does not answer; parts of this result may be older\n',
  });
});

test('sync says what was asked for, in the name of the user', async () => {
  answers['POST /api/applications/shop/sync'] = [{ status: 202, body: { ...STARTED, status: 'queued' } }];
  expect(await ask('sync', 'shop', '--release')).toMatchObject({
    exitCode: 0,
    stdout: 'shop-13: queued, waits for the running operation\n',
  });
  expect(asked).toEqual([{ request: 'POST /api/applications/shop/sync', body: { by, release: true } }]);
});

test.each([
  ['synced', 0],
  ['unchanged', 0],
  ['degraded', 1],
  ['superseded', 1],
  ['refused', 2],
  ['failed', 2],
] as const)('sync --wait follows the operation to its end: %s', async (status, exitCode) => {
  answers['POST /api/applications/shop/sync'] = [{ status: 202, body: STARTED }];
  answers['GET /api/applications/shop/operations/13'] = [
    { body: { ...anOperation({ seq: 13, phase: 'wait' }), outcome: undefined } },
    { body: anOperation({ seq: 13, outcome: { status, message: 'so it is' } }) },
  ];
  expect(await ask('sync', 'shop', '--wait')).toMatchObject({ exitCode, stdout: `shop-13: ${status}: so it is\n` });
});

test('rollback names the operation to go back to', async () => {
  answers['POST /api/applications/shop/rollback'] = [{ status: 202, body: STARTED }];
  const { exitCode, stdout } = await ask('rollback', 'shop', '--to', '7', '-o', 'json');
  expect([exitCode, JSON.parse(stdout)]).toEqual([0, STARTED]);
  expect(asked).toEqual([{ request: 'POST /api/applications/shop/rollback', body: { by, toSeq: 7 } }]);
});

test('suspend counts from now, and resume ends it', async () => {
  answers['POST /api/applications/shop/suspend'] = [{ body: { reason: 'freeze', at: 'x' } }];
  answers['POST /api/applications/shop/resume'] = [{ body: { app: 'shop', next: 'manual', head: 'abcdef0123' } }];
  const began = Date.now();
  const { stdout } = await ask('suspend', 'shop', '--reason', 'freeze', '--for', '2h');
  expect(stdout).toBe(
    'shop: suspended, no automatic deployments or corrections; driftless resume shop ends the suspension\n',
  );
  expect((await ask('resume', 'shop')).stdout).toBe(
    'shop: resumed; nothing is deployed, sync.mode is manual; driftless sync shop deploys its newest commit abcdef0\n',
  );
  const [suspended, resumed] = asked;
  const { until, ...wish } = (suspended?.body ?? {}) as { readonly until: string };
  expect(wish).toEqual({ reason: 'freeze', by });
  const late = Date.parse(until) - began - 2 * 3600_000;
  expect([late >= 0, late < 60_000]).toEqual([true, true]);
  expect(resumed).toEqual({ request: 'POST /api/applications/shop/resume', body: { by } });
});

test('a name is no path', async () => {
  const { exitCode } = await ask('history', '../../healthz', '--limit', '3');
  expect([exitCode, asked]).toEqual([2, [{ request: 'GET /api/applications/..%2F..%2Fhealthz/operations?limit=3' }]]);
});
