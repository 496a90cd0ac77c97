import { signingRegion } from '../../cli/client/deployer-address.ts';
import { gatewayProblem } from '../../cli/client/gateway-problem.ts';

const API = 'https://abc123.execute-api.eu-central-1.amazonaws.com';

test.each([
  ['of an HTTP API of AWS', { url: API }, 'eu-central-1'],
  ['of one in China', { url: 'https://abc123.execute-api.cn-north-1.amazonaws.com.cn/' }, 'cn-north-1'],
  ['of one, whatever region is named beside it', { url: API, region: 'us-east-1' }, 'eu-central-1'],
  ['of its own whose region is named', { url: 'https://deploy.example.com', region: 'us-east-1' }, 'us-east-1'],
  ['of its own', { url: 'https://deploy.example.com' }, undefined],
  [
    'that looks like one of AWS',
    { url: 'https://abc123.execute-api.eu-central-1.amazonaws.com.evil.example' },
    undefined,
  ],
  ['of this machine', { url: 'http://127.0.0.1:8080' }, undefined],
  [
    'of this machine, with a region in the environment',
    { url: 'http://localhost:8080', region: 'us-east-1' },
    undefined,
  ],
])('requests to an address %s are signed for its region, or not at all', (_what, address, region) => {
  expect(signingRegion(address)).toBe(region);
});

test('an address of AWS without TLS is refused', () => {
  expect(() => signingRegion({ url: API.replace('https', 'http') })).toThrow(
    expect.objectContaining({ code: 'UsageInvalid', message: expect.stringContaining('write https://') }),
  );
});

const asked = { url: new URL(`${API}/api/applications`), method: 'GET', isSigned: true } as const;

test.each([
  ['that has no right', 403, { message: 'Forbidden' }, 'AwsAccessDenied', '(Forbidden); you need execute-api:Invoke'],
  [
    'that is not signed as it should be',
    403,
    { message: 'Missing Authentication Token' },
    'AwsAccessDenied',
    '(Missing Authentication Token); you need execute-api:Invoke',
  ],
  [
    'that a policy denies',
    403,
    { Message: 'User: arn:aws:iam::1:user/a.b is not authorized to perform: execute-api:Invoke' },
    'AwsAccessDenied',
    'user/a.b is not authorized',
  ],
  ['of whose credentials the time is over', 401, { message: 'Unauthorized' }, 'AwsAccessDenied', '(Unauthorized)'],
  ['that is one of too many', 429, { message: 'Too Many Requests' }, 'DeployerUnreachable', 'too many requests'],
  [
    'that the function fails at',
    500,
    { message: 'Internal Server Error' },
    'DeployerUnreachable',
    'log of its function',
  ],
  ['that the function takes too long for', 503, { message: 'Service Unavailable' }, 'DeployerUnreachable', 'HTTP 503'],
])('the answer to a request %s says what to do', (_what, status, answer, code, words) => {
  const problem = gatewayProblem({ ...asked, status, answer });
  expect(problem).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(problem?.message).toContain(API);
});

test('an answer that quotes the request, with its session, is not repeated', () => {
  const message =
    "The request signature we calculated does not match. Check your key.\n\nThe Canonical String should have been\n'GET\nx-amz-security-token:a-session";
  const problem = gatewayProblem({ ...asked, status: 403, answer: { message } });
  expect(problem?.message).toContain('(The request signature we calculated does not match)');
  expect(problem?.message).not.toContain('a-session');
});

test.each([
  ['another program', { ...asked, status: 403, answer: '<html>' }],
  ['a server without TLS', { ...asked, url: new URL('http://127.0.0.1/api'), status: 403, answer: { message: 'no' } }],
  ['an API without this route', { ...asked, status: 404, answer: { message: 'Not Found' } }],
])('the answer of %s is none of the deployer’s HTTP API', (_what, answered) => {
  expect(gatewayProblem(answered)).toBeUndefined();
});
