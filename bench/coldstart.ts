// Each function's bundle in a fresh process, again and again: how long until the process runs, until the bundle is loaded, until the handler is called, and
// how long its first event takes, with what it calls of AWS answered on this machine. Nothing else may run meanwhile.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, dynamoDbClient, startDynamoDb } from '../dev/dynamodb.ts';
import { type SandboxOptions, startFunction } from '../dev/lambda/sandbox.ts';
import { bundleFunctions } from '../functions/bundle.ts';
import { ENV, FUNCTIONS, type FunctionName } from '../lib/config/env-names.ts';
import { type Figure, figuresOf, percentile } from './figures.ts';

const STARTS = 20;
const WANTED_MS: Readonly<Partial<Record<FunctionName, number>>> = { webhook: 150, sync: 250 };
const SECRET = 'a secret of the benchmarks';
const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function:driftless';

/** First events that need nothing but an empty table and a secret. */
const EVENTS: Readonly<Partial<Record<FunctionName, object>>> = {
  webhook: ping(),
  sync: execution(),
  drift: {},
  api: asked(),
  alarm: alarmOver(),
};

/** Measures the start of every function. */
export async function benchColdstart(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-coldstart-'));
  const [db, aws] = await Promise.all([startDynamoDb(), startAnswers(), bundleFunctions(folder)]);
  try {
    const client = dynamoDbClient(db.endpoint);
    await createTable(client, 'driftless');
    client.destroy();
    const environment = environmentOf({ dynamoDb: db.endpoint, aws: aws.url });
    const figures: Figure[] = [];
    for (const name of FUNCTIONS) {
      const starts: Start[] = [];
      for (let n = 0; n < STARTS; n += 1)
        starts.push(await startOnce({ bundle: join(folder, name, 'index.mjs'), name, environment }));
      figures.push(...figuresOfStarts(name, starts));
    }
    return figures;
  } finally {
    await Promise.all([db.stop(), aws.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

/** Milliseconds. */
type Start = { readonly process: number; readonly load: number; readonly handler: number; readonly first: number };

async function startOnce(options: SandboxOptions & { readonly name: FunctionName }): Promise<Start> {
  const nowMs = (): number => performance.timeOrigin + performance.now();
  const forkedMs = nowMs();
  const { beganMs, importedMs, call, kill, ended } = await startFunction(options);
  const calledMs = nowMs();
  const event = EVENTS[options.name];
  if (event !== undefined) await call(event);
  const first = nowMs() - calledMs;
  kill();
  await ended;
  // Lambda hands over the event as soon as the bundle is loaded; the way through this process is not the function's.
  return { process: beganMs - forkedMs, load: importedMs - beganMs, handler: importedMs - forkedMs, first };
}

function figuresOfStarts(name: FunctionName, starts: readonly Start[]): readonly Figure[] {
  const figure = figuresOf('coldstart');
  const p50 = (part: keyof Start): number =>
    percentile(
      starts.map((start) => start[part]),
      50,
    ) / 1000;
  const wanted = WANTED_MS[name];
  return [
    figure(`${name}.process.p50`, p50('process'), { unit: 's' }),
    figure(`${name}.load.p50`, p50('load'), { unit: 's' }),
    figure(`${name}.handler.p50`, p50('handler'), {
      unit: 's',
      ...(wanted !== undefined && { wanted: wanted / 1000 }),
    }),
    ...(EVENTS[name] === undefined ? [] : [figure(`${name}.firstEvent.p50`, p50('first'), { unit: 's' })]),
  ];
}

/** What the template gives, with addresses on this machine. */
function environmentOf(at: { readonly dynamoDb: string; readonly aws: string }): Readonly<Record<string, string>> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: at.aws,
    AWS_ENDPOINT_URL_DYNAMODB: at.dynamoDb,
    [ENV.name]: 'driftless',
    [ENV.deployer]: 'driftless-123456789012-eu-central-1',
    [ENV.table]: 'driftless',
    [ENV.bucket]: 'driftless-blobs',
    [ENV.syncFunction]: `${LAMBDA}-sync:live`,
    [ENV.renderFunction]: 'driftless-render',
    [ENV.driftFunction]: 'driftless-drift',
    [ENV.topic]: 'arn:aws:sns:eu-central-1:123456789012:driftless',
    [ENV.webhookSecret]: 'driftless/webhooks',
    [ENV.gitSecretPrefix]: 'driftless/git/',
    [ENV.configRepo]: 'https://git.example/config',
    [ENV.configRef]: 'main',
    [ENV.configPath]: '',
    [ENV.tools]: '/opt',
  };
}

/** Secrets Manager and the durable service, as far as the first events ask them. */
async function startAnswers(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const checkpoint = { CheckpointToken: 'next', NewExecutionState: { Operations: [] } };
    const secret = { Name: 'driftless/webhooks', SecretString: JSON.stringify({ github: [SECRET] }) };
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.url?.endsWith('/checkpoint') ? checkpoint : secret));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What GitHub sends first, signed. */
function ping(): object {
  const body = JSON.stringify({ zen: 'Keep it logically awesome.' });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-delivery': '00000000-0000-0000-0000-000000000000',
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  };
  const http = { method: 'POST', path: '/webhooks/github' };
  const requestContext = { domainName: 'hooks.example', http };
  return { headers, rawPath: http.path, rawQueryString: '', requestContext, body, isBase64Encoded: false };
}

/** A question, as the HTTP API hands it over when IAM has let it in. */
function asked(): object {
  const http = { method: 'GET', path: '/api/applications' };
  const iam = { userArn: 'arn:aws:iam::123456789012:user/ada' };
  const requestContext = { domainName: 'api.example', http, authorizer: { iam } };
  return { headers: {}, rawPath: http.path, rawQueryString: '', requestContext, isBase64Encoded: false };
}

/** The start of an operation that is no longer recorded. */
function execution(): object {
  const InputPayload = JSON.stringify({ app: 'shop', seq: 1 });
  const start = { Id: 'shop-1', Type: 'EXECUTION', Status: 'STARTED', StartTimestamp: new Date(0).toISOString() };
  const InitialExecutionState = { Operations: [{ ...start, ExecutionDetails: { InputPayload } }] };
  return { DurableExecutionArn: 'shop-1', CheckpointToken: 'first', InitialExecutionState };
}

/** An alarm that is over and concerns no application. */
function alarmOver(): object {
  const state = { value: 'OK', reason: 'below the threshold', timestamp: '2026-01-01T00:01:00.000+0000' };
  const previousState = { ...state, value: 'ALARM', timestamp: '2026-01-01T00:00:00.000+0000' };
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account: '123456789012',
    region: 'eu-central-1',
    time: '2026-01-01T00:01:00Z',
    resources: ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop'],
    detail: { alarmName: 'shop', state, previousState, configuration: { metrics: [] } },
  };
}
