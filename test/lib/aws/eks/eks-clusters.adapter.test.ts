import { authority } from '../eks-api-server.ts';
import { look, PROD, signedUrl, startEksWorld } from '../eks-world.ts';

const ROLE = 'arn:aws:iam::222222222222:role/driftless-access';
const described = (aws: { calls: readonly { operation: string }[] }) =>
  aws.calls.filter(({ operation }) => operation === 'eks.DescribeCluster').length;

test('a cluster is described once, and every request shows who asks', async () => {
  const { aws, server, clusters } = await startEksWorld();
  expect(await Promise.all([look(clusters), look(clusters)])).toEqual(['shop', 'shop']);
  expect(await look(clusters)).toBe('shop');
  expect(described(aws)).toBe(1);
  expect(server.tokens).toHaveLength(3);
  const { host, searchParams } = signedUrl(server.tokens[0]);
  expect(host).toBe('sts.eu-central-1.amazonaws.com');
  expect(searchParams.get('X-Amz-Credential')).toMatch(/^function\//);
});

describe('a certificate authority that is replaced', () => {
  test('is asked for once, by all who meet the new one, and nobody notices', async () => {
    const { aws, server, clusters, clock, log } = await startEksWorld();
    await look(clusters);
    await clock.sleep(60_000);
    aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('new') });
    server.rotate('new');
    expect(await Promise.all([look(clusters), look(clusters), look(clusters)])).toEqual(['shop', 'shop', 'shop']);
    expect(described(aws)).toBe(2);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'the address or certificate authority of the API server has changed',
    ]);
  });

  test('by one that EKS does not know is not trusted, and EKS is not asked for each request', async () => {
    const { aws, server, clusters, clock } = await startEksWorld();
    await look(clusters);
    await clock.sleep(60_000);
    server.rotate('new');
    const untrusted = { code: 'ApiServerUnreachable', message: expect.stringContaining('cannot be verified') };
    for (let tries = 0; tries < 3; tries += 1) await expect(look(clusters)).rejects.toMatchObject(untrusted);
    expect(described(aws)).toBe(2);
    expect(server.tokens).toHaveLength(1);
  });

  test('while EKS does not answer is the fault that is told, and found out later', async () => {
    const { aws, server, clusters, clock, log } = await startEksWorld();
    await look(clusters);
    await clock.sleep(60_000);
    server.rotate('new');
    aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('new') });
    aws.fail('eks.DescribeCluster', 'denied');
    await expect(look(clusters)).rejects.toMatchObject({ code: 'ApiServerUnreachable' });
    expect(log.lines).toMatchObject([{ level: 'warn', code: 'AwsAccessDenied' }]);
    await clock.sleep(60_000);
    expect(await look(clusters)).toBe('shop');
  });
});

describe('a cluster in another account', () => {
  const foreign = { name: 'prod', eks: { ...PROD.eks, name: 'prod-eks', region: 'eu-central-1', roleArn: ROLE } };

  test('is looked at and entered as the role that is assumed there', async () => {
    const { aws, server, clusters, declared } = await startEksWorld();
    aws.roles.set(ROLE, { externalId: 'acme', accessKeyId: 'role' });
    declared.splice(0, 1, { ...foreign, eks: { ...foreign.eks, externalId: 'acme' } });
    expect(await look(clusters)).toBe('shop');
    expect(aws.calls.map(({ operation, accessKeyId }) => [operation, accessKeyId])).toEqual([
      ['sts.AssumeRole', 'function'],
      ['eks.DescribeCluster', 'role'],
    ]);
    expect(aws.calls[0]?.input).toMatchObject({ RoleSessionName: 'driftless-prod-eks', ExternalId: 'acme' });
    const { searchParams } = signedUrl(server.tokens[0]);
    expect(searchParams.get('X-Amz-Credential')).toMatch(/^role\//);
    expect(searchParams.get('X-Amz-Security-Token')).toBe('session-of-role');
  });

  test.each([
    ['throttled', 'AwsUnavailable', true],
    ['server error', 'AwsUnavailable', true],
    ['expired credentials', 'AwsAccessDenied', false],
  ] as const)('whose role meets %s, again and again, is %s', async (failure, code, retry) => {
    const { aws, clusters, declared } = await startEksWorld();
    aws.fail('sts.AssumeRole', failure, { times: 9 });
    declared.splice(0, 1, foreign);
    const message = expect.stringMatching(`^role ${ROLE}: cannot be assumed: \\S`);
    await expect(look(clusters)).rejects.toMatchObject({ code, retry, message });
  });

  test('that asks for another external id is not entered', async () => {
    const { aws, clusters, declared } = await startEksWorld();
    aws.roles.set(ROLE, { externalId: 'acme', accessKeyId: 'role' });
    declared.splice(0, 1, foreign);
    const message = `role ${ROLE}: cannot be assumed: AccessDenied: in other words`;
    await expect(look(clusters)).rejects.toMatchObject({ code: 'AwsAccessDenied', retry: false, message });
  });
});

describe('an API server that does not know us', () => {
  test('yet is asked again until it has heard of the access entry, with a new token once', async () => {
    const { server, clusters, clock } = await startEksWorld();
    server.statuses.push(401, 401, 401, 401, 401);
    expect(await look(clusters)).toBe('shop');
    expect(clock.slept).toEqual([1_000, 1_000]);
  });

  test('at all refuses us after a while, and later at once', async () => {
    const { server, clusters, clock } = await startEksWorld();
    server.statuses.push(...Array.from({ length: 100 }, () => 401));
    await expect(look(clusters)).rejects.toMatchObject({ code: 'ClusterAccessDenied' });
    expect(clock.slept).toHaveLength(15);
    await expect(look(clusters)).rejects.toMatchObject({ code: 'ClusterAccessDenied' });
    expect(clock.slept).toHaveLength(15);
  });
});

test('a cluster that is declared anew is opened anew', async () => {
  const { aws, clusters, declared } = await startEksWorld();
  const before = await clusters.open('prod');
  declared.splice(0, 1, { name: 'prod', eks: { name: 'prod-eks', region: 'eu-west-1' } });
  expect(await clusters.open('prod')).not.toBe(before);
  expect(described(aws)).toBe(2);
});

test.each([
  ['is not declared', { name: 'dev' }, /^Cluster\/prod: is not declared; add a kind: Cluster/],
  ['is reached by a kubeconfig', { name: 'prod', kubeconfig: { context: 'prod' } }, /^Cluster\/prod: a kubeconfig is/],
  [
    'is private, where there is no worker',
    { name: 'prod', eks: { name: 'prod-eks', region: 'eu-central-1', private: true } },
    /^Cluster\/prod: eks.private needs the worker function/,
  ],
  [
    'is not there',
    { name: 'prod', eks: { name: 'gone', region: 'eu-central-1' } },
    /^Cluster\/prod: EKS cluster "gone" in eu-central-1: ResourceNotFoundException: No cluster found for name: gone/,
  ],
])('a cluster that %s is not configured', async (_what, declaration, message) => {
  const { clusters, declared } = await startEksWorld();
  declared.splice(0, 1, declaration);
  const refused = { code: 'ClusterNotConfigured', message: expect.stringMatching(message), retry: false };
  await expect(clusters.open('prod')).rejects.toMatchObject(refused);
});

test('a cluster that is just being created is tried again', async () => {
  const { aws, server, clusters } = await startEksWorld();
  aws.clusters.set('prod-eks', { status: 'CREATING' });
  const message = 'Cluster/prod: EKS cluster "prod-eks" in eu-central-1: is CREATING and has no endpoint yet';
  await expect(look(clusters)).rejects.toMatchObject({ code: 'ApiServerUnreachable', retry: true, message });
  aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('old') });
  expect(await look(clusters)).toBe('shop');
});

test('a cluster without a public endpoint that is not declared as private is warned about', async () => {
  const { aws, server, clusters, log } = await startEksWorld();
  aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('old'), publicAccess: false });
  await look(clusters);
  expect(log.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('no public endpoint') }]);
});

test.each(['throttled', 'server error', 'hang up', 'lost answer'] as const)(
  '%s, once, is overcome',
  async (failure) => {
    const { aws, clusters } = await startEksWorld();
    aws.fail('eks.DescribeCluster', failure);
    expect(await look(clusters)).toBe('shop');
  },
);

test.each([
  ['throttled', 'AwsUnavailable', true],
  ['server error', 'AwsUnavailable', true],
  ['hang up', 'AwsUnavailable', true],
  ['denied', 'AwsAccessDenied', false],
  ['expired credentials', 'AwsAccessDenied', false],
] as const)('%s, again and again, is %s with the name of the cluster', async (failure, code, retry) => {
  const { aws, clusters } = await startEksWorld();
  aws.fail('eks.DescribeCluster', failure, { times: 9 });
  const message = expect.stringMatching(/^Cluster\/prod: EKS cluster "prod-eks" in eu-central-1: \S/);
  await expect(look(clusters)).rejects.toMatchObject({ code, retry, message });
});

test('credentials that cannot be had are no reason to try again', async () => {
  const none = Object.assign(new Error('none found'), { name: 'CredentialsProviderError' });
  const { clusters } = await startEksWorld({ credentials: () => Promise.reject(none) });
  await expect(look(clusters)).rejects.toMatchObject({ code: 'AwsAccessDenied', retry: false });
});
