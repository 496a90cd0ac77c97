import { randomBytes } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { answerRendering, createLambdaRenderer } from '../../../../lib/aws/lambda/lambda-renderer.ts';
import { DriftlessError } from '../../../../lib/errors.ts';
import type { RenderRequest } from '../../../../lib/model/source-tree.ts';
import type { Renderer } from '../../../../lib/ports/render.ts';
import type { Blobs } from '../../../../lib/ports/store.ts';
import { clientOf, FAULTS, PASSING_FAULTS, startAccount } from '../fake-account.ts';

const REQUEST: RenderRequest = {
  tool: { helm: { valueFiles: ['values.yaml'], values: { replicas: 3 }, includeCRDs: true } },
  files: new Map([['chart/Chart.yaml', Buffer.from('name: shop\n')]]),
  path: 'chart',
  name: 'shop',
  namespace: 'shop',
  kubeVersion: 'v1.36.3',
  apiVersions: ['apps/v1'],
  hidden: ['s3cret'],
};

class MemoryBlobs implements Blobs {
  readonly kept = new Map<string, Uint8Array>();
  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(key, bytes);
  }
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.kept.get(key);
  }
}

async function open(render: Renderer['render']) {
  const aws = await startAccount();
  const blobs = new MemoryBlobs();
  aws.functions.set('render', (payload) => answerRendering(JSON.parse(payload), { renderer: { render }, blobs }));
  const client = clientOf(LambdaClient, aws);
  return { aws, blobs, renderer: createLambdaRenderer({ client, functionName: 'render', blobs }) };
}

test('the other function gets the request whole, and its rendering comes back', async () => {
  const received: RenderRequest[] = [];
  const { blobs, renderer } = await open(async (request) => {
    received.push(request);
    return 'kind: ConfigMap\n';
  });
  expect(await renderer.render(REQUEST)).toBe('kind: ConfigMap\n');
  expect(received).toEqual([REQUEST]);
  expect(blobs.kept.size).toBe(0);
});

test('what is too large for a call goes through the blob store, there and back', async () => {
  const large = randomBytes(5_000_000);
  const { aws, blobs, renderer } = await open(async ({ files }) =>
    Buffer.from(files.get('large') ?? '').toString('base64'),
  );
  expect(await renderer.render({ ...REQUEST, files: new Map([['large', large]]) })).toBe(large.toString('base64'));
  expect([...blobs.kept.keys()].map((key) => key.replace(/[0-9a-f]{32}$/, '…')).sort()).toEqual([
    'render/answers/…',
    'render/requests/…',
  ]);
  expect(String(aws.calls[0]?.input['Payload']).length).toBeLessThan(200);
});

test('what a tool complains about comes back as its own error', async () => {
  const { renderer } = await open(() =>
    Promise.reject(new DriftlessError('RenderFailed', 'chart: helm template failed: no values')),
  );
  await expect(renderer.render(REQUEST)).rejects.toMatchObject({
    name: 'DriftlessError',
    code: 'RenderFailed',
    message: 'chart: helm template failed: no values',
    retry: false,
  });
});

test.each([
  ['runs out of time', 'Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 90.00 seconds', 'RenderLimit'],
  ['ran out of time, as it was told before', '', '2026-01-01 1 Task timed out after 90.00 seconds', 'RenderLimit'],
  ['is killed', 'Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: signal: killed', 'RenderLimit'],
  ['runs out of memory', 'Runtime.OutOfMemory', 'RequestId: 1', 'RenderLimit'],
  ['is broken', 'Runtime.ImportModuleError', 'hunter2', 'Internal'],
])('a function that %s is one error, without the words of a stranger', async (_what, name, message, code) => {
  const { aws, renderer } = await open(async () => '');
  aws.functions.set('render', () => {
    throw Object.assign(new Error(message), { name });
  });
  const refused: unknown = await renderer.render(REQUEST).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code, message: expect.stringMatching(/^function render: /) });
  expect(String(refused)).not.toContain('hunter2');
});

test('a message that is none is refused by both ends', async () => {
  const { aws, blobs, renderer } = await open(async () => '');
  aws.functions.set('render', () => ({ rendering: 'hunter2' }));
  const message = expect.stringMatching(/^rendering: a message is malformed: (?!.*hunter2)/);
  await expect(renderer.render(REQUEST)).rejects.toMatchObject({ code: 'Internal', message });
  const ports = { renderer, blobs };
  expect(await answerRendering({ key: 'elsewhere/hunter2' }, ports)).toMatchObject({
    error: { code: 'Internal', message },
  });
});

test.each<[string, (answer: object) => object]>([
  ['without a nonce', ({ nonce: _nonce, ...answer }: { readonly nonce?: string }) => answer],
  ['with another nonce', (answer) => ({ ...answer, nonce: 'guessed' })],
  ['with an error and no nonce', () => ({ error: { code: 'RenderFailed', message: 'forged' } })],
])('R1: an answer %s is not used, as a tool that reached the Runtime API would give it', async (_what, forge) => {
  const { aws, blobs, renderer } = await open(async () => 'kind: ConfigMap');
  const render = async () => 'kind: ClusterRoleBinding';
  aws.functions.set('render', async (payload) =>
    forge(await answerRendering(JSON.parse(payload), { renderer: { render }, blobs })),
  );
  await expect(renderer.render(REQUEST)).rejects.toMatchObject({
    code: 'AwsUnavailable',
    message: expect.stringMatching(/does not carry the nonce/),
  });
});

test('R1: the tools see nothing of the nonce, which is another one each time', async () => {
  const seen: string[] = [];
  const { aws, renderer } = await open(async (request) => {
    seen.push(JSON.stringify({ ...request, files: [...request.files] }));
    return 'a: 1';
  });
  await renderer.render(REQUEST);
  await renderer.render(REQUEST);
  const nonces = aws.calls.map(({ input }) => JSON.parse(String(input['Payload'])).nonce);
  expect(new Set(nonces).size).toBe(2);
  for (const nonce of nonces) expect(seen.join('')).not.toContain(nonce);
});

test('R1: a blob that was replaced under its key is not used', async () => {
  const large = randomBytes(5_000_000);
  const { blobs, renderer } = await open(async () => large.toString('base64'));
  const put = blobs.put.bind(blobs);
  blobs.put = async (key, bytes) => put(key, key.includes('answers') ? Buffer.from('forged') : bytes);
  await expect(renderer.render(REQUEST)).rejects.toMatchObject({ code: 'StateUnavailable' });
});

// A rendering has patience of its own, which no test waits for.
const loud = <T>(failure: T) => failure !== 'silence';

test.each(PASSING_FAULTS.filter(loud))('%s, once, is overcome', async (failure) => {
  const { aws, renderer } = await open(async () => 'a: 1');
  aws.fail('lambda.Invoke', failure);
  expect(await renderer.render(REQUEST)).toBe('a: 1');
});

test.each(FAULTS.filter(([failure]) => loud(failure)))(
  '%s, again and again, is %s with the name of the function',
  async (failure, code, retry) => {
    const { aws, renderer } = await open(async () => 'a: 1');
    aws.fail('lambda.Invoke', failure, { times: 9 });
    const message = expect.stringMatching(/^function render: \S/);
    await expect(renderer.render(REQUEST)).rejects.toMatchObject({ code, retry, message });
  },
);
