import { readContext } from '../../infra/read-context.ts';
import { CDK_JSON, FULL } from './contexts.ts';

const PLAIN = { region: 'eu-central-1', config: { url: 'https://github.com/acme/platform' } };
const cluster = (more: object) => ({
  ...PLAIN,
  account: '111111111111',
  clusters: [{ name: 'prod', region: 'eu-central-1', ...more }],
});
const ROLE = 'arn:aws:iam::222222222222:role/driftless';

/** What is said of a context, without the headline. */
function problemsOf(context: unknown): readonly string[] {
  try {
    readContext(context);
    return [];
  } catch (error) {
    const [headline, ...lines] = String(error).split('\n  ');
    expect(headline).toBe('ContextError: cdk.json: context:');
    return lines;
  }
}

test('what is left out has a default, except where the deployer is and what it follows', () => {
  expect(readContext(PLAIN)).toEqual({
    name: 'driftless',
    region: 'eu-central-1',
    config: { url: 'https://github.com/acme/platform', ref: 'main', path: '' },
    clusters: [],
    scanMinutes: 5,
    sweepMinutes: 5,
    logRetentionDays: 30,
    throttle: { rate: 50, burst: 100 },
    secrets: { webhook: 'driftless/webhooks', gitPrefix: 'driftless/git/' },
    retain: true,
    runbook: 'docs/runbook.md',
  });
  expect(problemsOf({})).toEqual(['driftless.region: is missing; write it', 'driftless.config: is missing; write it']);
  expect(problemsOf(undefined)).toHaveLength(2);
});

test('the example in cdk.json is right, and so is one with everything', () => {
  expect(problemsOf(CDK_JSON.context['driftless'])).toEqual([]);
  expect(problemsOf(FULL)).toEqual([]);
});

test('a context may be given on the command line, as JSON', () => {
  expect(readContext(JSON.stringify(PLAIN))).toEqual(readContext(PLAIN));
  expect(problemsOf('{')).toEqual(['driftless: is not JSON']);
});

test('everything that is wrong is said at once, each with its place', () => {
  const wrong = {
    name: 'Driftless!',
    region: 'Frankfurt',
    account: '12',
    config: { url: 'https://user:secret@example.com/x', path: '/deploy/', branch: 'main' },
    clusters: [{ name: 'prod' }, { name: 'b c', region: 'us-east-1', tenancy: 'all' }],
    alarms: { email: 'nobody' },
    scanMinutes: 0,
    logRetentionDays: 31,
    sizes: 3,
  };
  expect(problemsOf(wrong)).toEqual([
    'driftless.name: "Driftless!" is not a name; write 3 to 20 of a-z, 0-9 and dashes',
    'driftless.region: "Frankfurt" is not an AWS region; write for example eu-central-1',
    'driftless.account: "12" is not an account ID; write 12 digits in quotes',
    'driftless.config.url: is not the URL of a repository; write https://… without credentials',
    'driftless.config.path: "/deploy/" is not a folder; write it without leading or trailing slash',
    'driftless.config.branch: is not known; remove it',
    'driftless.clusters[0].region: is missing; write it',
    'driftless.clusters[1].name: "b c" is not the name of an EKS cluster',
    'driftless.clusters[1].tenancy: is neither "cluster" nor {"namespaces": ["…"]}',
    'driftless.alarms.email: "nobody" is not an email address',
    'driftless.scanMinutes: 0 is too short; write at least 1 minute',
    expect.stringMatching(/^driftless\.logRetentionDays: is not among 1, 3, .*, 3653$/),
    'driftless.sizes: is not known; remove it',
  ]);
});

test.each([
  [
    'a cluster twice',
    { ...PLAIN, clusters: [FULL.clusters[0], FULL.clusters[0]] },
    'clusters[1].name: is declared twice',
  ],
  [
    'another region without an account',
    { ...PLAIN, clusters: [{ name: 'us', region: 'us-east-1' }] },
    'account: is missing',
  ],
  ['a role without external id', cluster({ roleArn: ROLE }), 'clusters[0].externalId: is missing'],
  ['an external id without a role', cluster({ externalId: 'abc' }), 'clusters[0].externalId: has no effect'],
  [
    'a role in the own account',
    cluster({ roleArn: 'arn:aws:iam::111111111111:role/x', externalId: 'abc' }),
    "clusters[0].roleArn: is in the deployer's own account",
  ],
  [
    'one role in two regions',
    {
      ...PLAIN,
      account: '111111111111',
      clusters: ['eu-central-1', 'us-east-1'].map((region) => ({
        name: 'a',
        region,
        roleArn: ROLE,
        externalId: 'abc',
      })),
    },
    'clusters[1].roleArn: is used in another region too',
  ],
  [
    'two external ids for one role',
    {
      ...PLAIN,
      account: '111111111111',
      clusters: ['a', 'b'].map((name) => ({ name, region: 'us-east-1', roleArn: ROLE, externalId: `id-${name}` })),
    },
    'clusters[0].externalId: differs',
  ],
  ['a private cluster without a worker', cluster({ private: true }), 'worker: is missing'],
  ['a worker without a private cluster', { ...PLAIN, worker: FULL.worker }, 'worker: has no effect'],
  [
    'a security group of a public cluster',
    cluster({ securityGroup: 'sg-0123456789abcdef0' }),
    'clusters[0].securityGroup: is for the worker',
  ],
  [
    'the audit log of another region',
    cluster({ region: 'us-east-1', auditLog: true }),
    'clusters[0].auditLog: works in',
  ],
])('%s is refused', (_what, context, problem) => {
  expect(problemsOf(context)[0]).toContain(`driftless.${problem}`);
});
