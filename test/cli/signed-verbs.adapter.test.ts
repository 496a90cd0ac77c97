// The verbs for a deployer on AWS, as their users run them, against an HTTP API that asks who they are.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AUTHORITY, type HttpApi, type HttpApiEvent, startHttpApi } from '../functions/http-api.ts';
import { driftless, type Ended } from './driftless.ts';
import { aView, listed } from './views.ts';

const REGION = 'eu-central-1';
const ARN = 'arn:aws:sts::123456789012:assumed-role/Deployer';
const ADA = { accessKeyId: 'AKIAADA', secretAccessKey: 'a key/of+Ada', userArn: `${ARN}/ada` };
const GRACE = { accessKeyId: 'AKIAGRACE', secretAccessKey: 'a key/of+Grace', userArn: `${ARN}/grace` };

/** Nobody is signed in, and nobody is asked about it. */
const NOBODY = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

let http: HttpApi;
let events: HttpApiEvent[];

beforeAll(async () => {
  http = await startHttpApi({
    region: REGION,
    principals: [
      { ...ADA, methods: ['GET', 'POST'] },
      { ...GRACE, methods: ['GET'] },
    ],
    invoke: async (event) => {
      events.push(event);
      const answer = event.requestContext.http.method === 'GET' ? { items: [listed(aView())] } : STARTED;
      return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
    },
  });
});
afterAll(() => http.stop());
beforeEach(() => {
  events = [];
});

const STARTED = { app: 'shop', seq: 13, operation: 'shop-13', status: 'started' };

type Key = { readonly accessKeyId: string; readonly secretAccessKey: string };

type Environment = Readonly<Record<string, string>>;

/** An address of its own on AWS, and its region. */
const addressed = (): Environment => ({ DRIFTLESS_URL: http.url, DRIFTLESS_REGION: REGION });

/** Runs a verb as somebody. */
function as(who: Key | undefined, args: readonly string[], env: Environment = addressed()): Promise<Ended> {
  const keys = who && { AWS_ACCESS_KEY_ID: who.accessKeyId, AWS_SECRET_ACCESS_KEY: who.secretAccessKey };
  return driftless(args, { env: { ...NOBODY, NODE_EXTRA_CA_CERTS: AUTHORITY, ...keys, ...env } });
}

test('a question is signed by whoever is signed in, with its session', async () => {
  const { exitCode, stdout, stderr } = await as(ADA, ['status'], {
    ...addressed(),
    AWS_SESSION_TOKEN: 'a/session+token',
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^shop +Synced/m);
  expect(events.map(({ rawPath, requestContext }) => [rawPath, requestContext.authorizer.iam.userArn])).toEqual([
    ['/api/v1/applications', ADA.userArn],
  ]);
  expect(events[0]?.headers).toMatchObject({ 'x-amz-security-token': 'a/session+token' });
});

test('an order is signed with its body', async () => {
  expect(await as(ADA, ['sync', 'shop', '--url', `${http.url}/`, '--region', REGION], {})).toEqual({
    exitCode: 0,
    stdout: 'shop-13: started\n',
    stderr: '',
  });
  expect(events.map(({ body = '' }) => JSON.parse(body))).toEqual([{ by: expect.any(String) }]);
});

test('who may only look is told what an order needs', async () => {
  expect(await as(GRACE, ['sync', 'shop'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: ${http.url}: POST /api/applications/shop/sync is forbidden (Forbidden); you need execute-api:Invoke on it, which the policy in the stack's output OperatePolicy allows\nhint: grant the named permission to the caller: the role of the function, or your own role (AwsAccessDenied)\n`,
  });
  expect(events).toEqual([]);
  expect((await as(GRACE, ['status'])).exitCode).toBe(0);
});

test('a wrong key, and a key for another region, are as good as none', async () => {
  const denied = /^error: https:\S+: GET \/api\/v1\/applications is forbidden \(Forbidden\); .* ReadPolicy allows\n/;
  expect((await as({ ...ADA, secretAccessKey: 'another' }, ['status'])).stderr).toMatch(denied);
  expect((await as(ADA, ['status', '--region', 'us-east-1'])).stderr).toMatch(denied);
  expect(events).toEqual([]);
});

test('who is not signed in is told how to', async () => {
  const { exitCode, stderr } = await as(undefined, ['status']);
  expect([exitCode, stderr]).toEqual([
    2,
    `error: credentials for ${new URL(http.url).host}: CredentialsProviderError: Could not load credentials from any providers; sign in, for example with aws sso login, or set AWS_PROFILE\nhint: grant the named permission to the caller: the role of the function, or your own role (AwsAccessDenied)\n`,
  ]);
  expect(events).toEqual([]);
});

test('an address of its own without its region is asked without a signature, and the remedy is told', async () => {
  const { exitCode, stderr } = await as(ADA, ['status'], { DRIFTLESS_URL: http.url });
  expect([exitCode, stderr.split('\n')[0]]).toEqual([
    2,
    `error: ${http.url}: requires signed requests (Forbidden); set its AWS region with --region or DRIFTLESS_REGION`,
  ]);
});

/** Tells of every module of an SDK that a process loads. */
const WATCH = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  if (/\\/@(aws-sdk|smithy)\\//.test(url)) process.stderr.write('loaded ' + url + '\\n');
  return next(url, context);
} });`;

test('a deployer on this machine gets no signature, and nothing that signs is loaded for it', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, reply) => {
    seen.push(request.headers);
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items: [listed(aView())] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const watched = { ...addressed(), NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WATCH)}` };
  const local = await as(ADA, ['status', '--url', url], watched);
  const signed = await as(ADA, ['status'], watched);
  server.close();
  server.closeAllConnections();
  expect({ ...local, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(seen.map(({ authorization, 'x-amz-date': date }) => [authorization, date])).toEqual([[undefined, undefined]]);
  expect(signed.stderr).toContain('loaded file:///');
});
