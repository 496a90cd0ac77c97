import { type AwsCredentials, createEksToken, presignIdentity } from '../../../../lib/aws/eks/eks-token.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

const KEYS: AwsCredentials = { accessKeyId: 'akid', secretAccessKey: 'secret' };
const MINUTE = 60_000;

function tokens(credentials: () => Promise<AwsCredentials> = async () => KEYS) {
  const clock = new ManualClock();
  return { clock, token: createEksToken({ region: 'eu-central-1', cluster: 'prod', credentials, clock }) };
}

const urlOf = (token: string) => new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString());

test('the signature is the one that the SDK for Ruby makes of the same request', async () => {
  const url = await presignIdentity({
    host: 'sts.amazonaws.com',
    region: 'us-west-2',
    cluster: 'my-eks-cluster',
    credentials: KEYS,
    at: new Date('2018-08-05T00:00:00Z'),
    expiresSeconds: 59,
  });
  expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
    'd1f6551aafc0f5c57971fe161a12cbe0539fc1681698ea4a4c0fde5abc51e32e',
  );
});

test('a token asks the regional STS who we are, for one cluster, without padding', async () => {
  const { token } = tokens();
  const text = await token();
  expect(text).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  const url = urlOf(text);
  expect(url.origin).toBe('https://sts.eu-central-1.amazonaws.com');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    Action: 'GetCallerIdentity',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  });
});

test('temporary credentials show their session', async () => {
  const { token } = tokens(async () => ({ ...KEYS, sessionToken: 'a/session+token' }));
  expect(urlOf(await token()).searchParams.get('X-Amz-Security-Token')).toBe('a/session+token');
});

test('in China the STS of China is asked', async () => {
  const clock = new ManualClock();
  const token = createEksToken({ region: 'cn-north-1', cluster: 'prod', credentials: async () => KEYS, clock });
  expect(urlOf(await token()).host).toBe('sts.cn-north-1.amazonaws.com.cn');
});

test('a token is used for twelve minutes, of the fifteen that EKS takes it', async () => {
  const { clock, token } = tokens();
  const first = await token();
  await clock.advance(12 * MINUTE - 1);
  expect(await token()).toBe(first);
  await clock.advance(1);
  expect(await token()).not.toBe(first);
});

test('a token is used no longer than the credentials that signed it', async () => {
  const expiration = new Date(new ManualClock().now() + 5 * MINUTE);
  const { clock, token } = tokens(async () => ({ ...KEYS, expiration }));
  const first = await token();
  await clock.advance(3 * MINUTE);
  expect(await token()).toBe(first);
  await clock.advance(MINUTE);
  expect(await token()).not.toBe(first);
});

test('requests that are refused together share one new token', async () => {
  const { clock, token } = tokens();
  const first = await token();
  await clock.advance(10_000);
  const [second, third] = await Promise.all([token({ refresh: true }), token({ refresh: true })]);
  expect(second).not.toBe(first);
  expect(third).toBe(second);
});

test('credentials that cannot be had are named with the cluster, and asked for again the next time', async () => {
  const answers = [Promise.reject(Object.assign(new Error('none found'), { name: 'CredentialsProviderError' }))];
  const { token } = tokens(() => answers.shift() ?? Promise.resolve(KEYS));
  await expect(token()).rejects.toMatchObject({
    code: 'AwsAccessDenied',
    message: 'credentials for EKS cluster "prod": CredentialsProviderError: none found',
    retry: false,
  });
  expect(await token()).toMatch(/^k8s-aws-v1\./);
});
