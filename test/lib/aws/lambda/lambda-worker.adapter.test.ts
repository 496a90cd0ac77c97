import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaInvoke } from '../../../../lib/aws/lambda/lambda-invoke.ts';
import { createLambdaWorker } from '../../../../lib/aws/lambda/lambda-worker.ts';
import { createTunnelWorker } from '../../../../lib/kube/tunnel/worker.ts';
import { systemClock } from '../../../../lib/runtime/system-clock.ts';
import { authority } from '../eks-api-server.ts';
import { look, PROD, startEksWorld } from '../eks-world.ts';
import { clientOf, startAccount } from '../fake-account.ts';

const workers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of workers.splice(0)) await one.close();
});

test('a private cluster is reached through the worker, a new certificate authority included', async () => {
  const account = await startAccount();
  const worker = createTunnelWorker({ clock: systemClock, isApiServer: () => true });
  workers.push(worker);
  account.functions.set('worker', (payload) => worker.answer(JSON.parse(payload)));
  const client = clientOf(LambdaClient, account);
  const { aws, server, clusters, clock, declared } = await startEksWorld({
    worker: createLambdaWorker({ client, functionName: 'worker' }),
  });
  declared.splice(0, 1, { name: 'prod', eks: { name: 'prod-eks', region: 'eu-central-1', private: true } });
  expect(await look(clusters)).toBe('shop');
  expect(account.calls.map(({ operation }) => operation)).toEqual(['lambda.Invoke']);
  expect(server.tokens).toEqual([expect.stringMatching(/^Bearer k8s-aws-v1\./)]);

  await clock.sleep(60_000);
  aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('new') });
  server.rotate('new');
  expect(await look(clusters)).toBe('shop');
});

test('a cluster that is not private is reached without the worker', async () => {
  const { clusters, declared } = await startEksWorld({ worker: () => Promise.reject(new Error('asked')) });
  declared.splice(0, 1, PROD);
  expect(await look(clusters)).toBe('shop');
});

test('a worker that runs out of time is an API server that cannot be reached', async () => {
  const aws = await startAccount();
  aws.functions.set('worker', () => {
    throw Object.assign(new Error('RequestId: 1 Error: Task timed out after 40.00 seconds'), {
      name: 'Sandbox.Timedout',
    });
  });
  const ask = createLambdaWorker({ client: clientOf(LambdaClient, aws), functionName: 'worker' });
  await expect(ask({ frame: '' })).rejects.toMatchObject({
    code: 'ApiServerUnreachable',
    retry: true,
    message: 'function worker: ran out of time or memory (Task timed out after 40.00 seconds)',
  });
});

test('a call has patience of its own, whatever its client has', async () => {
  const aws = await startAccount();
  const client = new LambdaClient({
    endpoint: aws.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'function', secretAccessKey: 'key' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 50_000, throwOnRequestTimeout: true },
  });
  aws.fail('lambda.Invoke', 'silence');
  const invoke = createLambdaInvoke({ client, functionName: 'f', withinSeconds: 0.1, exhausted: 'RenderLimit' });
  await expect(invoke({})).rejects.toMatchObject({
    code: 'AwsUnavailable',
    message: expect.stringMatching(/^function f: TimeoutError/),
  });
  client.destroy();
});
