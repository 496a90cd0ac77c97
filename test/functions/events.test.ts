import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseDriftEvent } from '../../functions/drift-event.ts';
import { contextOf, requestOf, resultOf } from '../../functions/http-event.ts';

const http = (event: object): APIGatewayProxyEventV2 =>
  ({
    headers: { 'content-type': 'application/json', 'x-github-event': 'push', absent: undefined },
    rawPath: '/webhooks/github',
    rawQueryString: '',
    requestContext: { domainName: 'hooks.example', http: { method: 'POST' } },
    isBase64Encoded: false,
    ...event,
  }) as object as APIGatewayProxyEventV2;

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['in base64, whatever bytes they are', Buffer.from([0, 255, 195, 40, 10, 13]), true],
  ['as text, beyond ASCII too', Buffer.from('{"message":"größer ✓"}'), false],
])('a body that comes %s is what was sent, byte by byte', async (_how, sent, isBase64Encoded) => {
  const body = sent.toString(isBase64Encoded ? 'base64' : 'utf8');
  const request = requestOf(http({ body, isBase64Encoded }));
  expect(hashOf(new Uint8Array(await request.arrayBuffer()))).toBe(hashOf(sent));
});

test('method, path, query and headers are those of the request', () => {
  const { method, url, headers } = requestOf(http({ rawQueryString: 'a=1&b=%20' }));
  expect([method, url, headers.get('x-github-event'), headers.get('absent')]).toEqual([
    'POST',
    'https://hooks.example/webhooks/github?a=1&b=%20',
    'push',
    null,
  ]);
});

test('a path comes decoded, and what is in it ends no path and begins no query', () => {
  const { url } = requestOf(http({ rawPath: '/api/a?b=1#c d', rawQueryString: 'e=2' }));
  expect(url).toBe('https://hooks.example/api/a%3Fb=1%23c%20d?e=2');
});

test('who has signed is told only by IAM, beside the path that it judged', () => {
  const context = { domainName: 'hooks.example', http: { method: 'GET' } };
  const signed = { ...context, authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/ada' } } };
  const rawPath = '/api/a/../b';
  expect(contextOf(http({ rawPath, requestContext: signed }))).toEqual({
    path: rawPath,
    caller: 'arn:aws:iam::123456789012:user/ada',
  });
  const claimed = { headers: { caller: 'ada', 'x-amzn-iam-userarn': 'ada' }, requestContext: context };
  expect(contextOf(http({ rawPath, ...claimed }))).toEqual({ path: rawPath });
});

test('a GET has no body, whatever the event says', () => {
  const context = { domainName: 'hooks.example', http: { method: 'GET' } };
  expect(requestOf(http({ body: '', requestContext: context })).body).toBeNull();
});

test('an answer keeps its status, headers and text', async () => {
  expect(await resultOf(Response.json({ status: 'ok' }, { status: 202, headers: { allow: 'POST' } }))).toEqual({
    statusCode: 202,
    headers: { 'content-type': 'application/json', allow: 'POST' },
    body: '{"status":"ok"}',
    isBase64Encoded: false,
  });
});

const audit = { awslogs: { data: 'H4sI' } };

test.each([
  ['a schedule', {}, { kind: 'scan' }],
  ['what EventBridge itself says on a schedule', { 'detail-type': 'Scheduled Event', detail: {} }, { kind: 'scan' }],
  ['a schedule for some clusters', { clusters: ['prod'] }, { kind: 'scan', clusters: ['prod'] }],
  ['the alarm function', { check: ['shop', 'web'] }, { kind: 'check', apps: ['shop', 'web'] }],
  ['a subscription of the audit log', audit, { kind: 'audit', event: audit }],
])('the drift function understands %s', (_what, event, wanted) => {
  expect(parseDriftEvent(event)).toEqual(wanted);
});

test.each([
  ['nothing', undefined],
  ['a text', 'scan'],
  ['no applications', { check: [] }],
  ['an application that is not in a list', { check: 'shop' }],
  ['clusters that are no names', { clusters: [1] }],
])('the drift function refuses %s', (_what, event) => {
  expect(() => parseDriftEvent(event)).toThrow(expect.objectContaining({ code: 'PayloadInvalid' }));
});

test.each([
  ['that fits is sent', 'x'.repeat(6_000_000), 200],
  ['that is too long in bytes is refused', 'ü'.repeat(3_200_000), 413],
  ['of quotes, which count twice, is refused', '"'.repeat(3_200_000), 413],
])('an answer %s', async (_title, body, statusCode) => {
  expect(await resultOf(new Response(body))).toMatchObject({ statusCode });
});
