import { createRequestSigner } from '../../../lib/aws/request-signer.ts';
import { type SignedRequest, signerOf } from '../../fakes/aws/signature.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

/** Of the examples in AWS' documentation. */
const ID = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TIME = '20150830T123600Z';
const VERIFIER = { region: 'us-east-1', keys: { [ID]: SECRET }, now: Date.parse('2015-08-30T12:36:00Z') };

type Vector = SignedRequest & { readonly service: string; readonly names: string; readonly signature: string };

const vanilla = { target: '/', headers: { host: 'example.amazonaws.com' }, body: '', names: 'host;x-amz-date' };

/** The example of the documentation, https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html, and two of AWS' test suite for signers. */
const VECTORS: readonly (readonly [string, Vector])[] = [
  [
    'a request to IAM',
    {
      service: 'iam',
      method: 'GET',
      target: '/?Action=ListUsers&Version=2010-05-08',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', host: 'iam.amazonaws.com' },
      body: '',
      names: 'content-type;host;x-amz-date',
      signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
  ],
  [
    'get-vanilla',
    {
      ...vanilla,
      service: 'service',
      method: 'GET',
      signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
  ],
  [
    'post-vanilla',
    {
      ...vanilla,
      service: 'service',
      method: 'POST',
      signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    },
  ],
];

test.each(VECTORS)('what verifies signatures in these tests knows the published one of %s', (_what, vector) => {
  const { service, names, signature, headers } = vector;
  const authorize = (hex: string) => {
    const scope = `20150830/us-east-1/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${ID}/${scope}, SignedHeaders=${names}, Signature=${hex}`;
    return signerOf(
      { ...vector, headers: { ...headers, 'x-amz-date': TIME, authorization } },
      { ...VERIFIER, service },
    );
  };
  expect(authorize(signature)).toBe(ID);
  expect(authorize(signature.replace(/^5/, '6'))).toBeUndefined();
});

const verifier = { ...VERIFIER, service: 'execute-api', region: 'eu-central-1' };
const credentials = async () => ({ accessKeyId: ID, secretAccessKey: SECRET });

function signer(more: Partial<Parameters<typeof createRequestSigner>[0]> = {}) {
  const clock = new ManualClock(verifier.now);
  return createRequestSigner({ service: 'execute-api', region: 'eu-central-1', clock, credentials, ...more });
}

const HOST = 'abc123.execute-api.eu-central-1.amazonaws.com';

const QUESTIONS = [
  ['a question', 'GET', '/api/applications', undefined],
  ['a question with a query', 'GET', '/api/applications/shop/operations?limit=20', undefined],
  ['an order', 'POST', '/api/applications/shop/sync', '{"by":"ada"}'],
  ['a reason beyond ASCII', 'POST', '/api/applications/shop/suspend', '{"reason":"größer ✓"}'],
  ['a name that is none', 'GET', '/api/applications/..%2F..%2Fhealthz/drift', undefined],
] as const;

/** What a server gets that is sent this. */
async function signed(method: string, target: string, body: string | undefined, sign = signer()) {
  const headers: Readonly<Record<string, string>> = body === undefined ? {} : { 'content-type': 'application/json' };
  const url = new URL(`https://${HOST}${target}`);
  const sent = await sign({ method, url, headers, ...(body !== undefined && { body }) });
  return { method, target, headers: { ...sent, host: HOST }, body: body ?? '' };
}

test.each(QUESTIONS)('the signature of %s is verified', async (_what, method, target, body) => {
  expect(signerOf(await signed(method, target, body), verifier)).toBe(ID);
});

test.each([
  ['the method', { method: 'DELETE' }],
  ['the path', { target: '/api/applications/web/sync' }],
  ['the query', { target: '/api/applications/shop/sync?a=1' }],
  ['the body', { body: '{"by":"eve"}' }],
])('a request of which %s is changed is nobody’s', async (_what, changed) => {
  const request = await signed('POST', '/api/applications/shop/sync', '{"by":"ada"}');
  expect(signerOf({ ...request, ...changed }, verifier)).toBeUndefined();
});

test('a signature is for one region, one service, and some minutes', async () => {
  const request = await signed('GET', '/api/drift', undefined);
  expect(signerOf(request, verifier)).toBe(ID);
  for (const other of [{ region: 'us-east-1' }, { service: 'iam' }, { now: verifier.now + 6 * 60_000 }])
    expect(signerOf(request, { ...verifier, ...other })).toBeUndefined();
});

test('who sends it writes the host; a session is shown, and signed too', async () => {
  const session = async () => ({ ...(await credentials()), sessionToken: 'a/session+token' });
  const sign = signer({ credentials: session });
  const headers = await sign({ method: 'GET', url: new URL(`https://${HOST}/api/drift`), headers: {} });
  expect(headers).not.toHaveProperty('host');
  expect(headers['x-amz-security-token']).toBe('a/session+token');
  expect(headers['authorization']).toContain('host;x-amz-content-sha256;x-amz-date;x-amz-security-token');
  expect(signerOf(await signed('GET', '/api/drift', undefined, sign), verifier)).toBe(ID);
});

test('who is not signed in is told so, with how to', async () => {
  const sign = signer({
    credentials: () =>
      Promise.reject(
        Object.assign(new Error('Could not load credentials from any providers.'), {
          name: 'CredentialsProviderError',
        }),
      ),
  });
  await expect(signed('GET', '/api/drift', undefined, sign)).rejects.toMatchObject({
    code: 'AwsAccessDenied',
    message: `credentials for ${HOST}: CredentialsProviderError: Could not load credentials from any providers; sign in, for example with aws sso login, or set AWS_PROFILE`,
  });
});
