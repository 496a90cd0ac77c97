import { FUNCTIONS } from '../../lib/config/env-names.ts';
import { functionOf, ofType, type Resource, resourcesOf, SYNTHESIS } from './synthesized.ts';

const templates = resourcesOf('everything');
const deployer = templates['driftless'] ?? {};
const policies = Object.values(templates).flatMap((resources) => ofType(resources, 'AWS::IAM::Policy'));

type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown };

/** What the role of a function may do, as `action on resource`. */
function rightsOf(name: string): readonly string[] {
  const { Role: role } = functionOf(deployer, name) as { Role: { 'Fn::GetAtt': [string] } };
  const [roleId] = role['Fn::GetAtt'];
  return policies
    .filter(({ Properties }) => JSON.stringify(Properties['Roles']) === JSON.stringify([{ Ref: roleId }]))
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
    .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} on ${JSON.stringify(Resource)}`));
}

const actionsOf = (name: string) => new Set(rightsOf(name).map((right) => right.split(' ')[0]));

test('every `*` in a right has a written reason, and every reason a right', () => {
  expect(SYNTHESIS.wildcards.found).toBeGreaterThan(10);
  expect(SYNTHESIS.wildcards).toMatchObject({ withoutReason: [], withoutRight: [] });
});

test('no right is to all actions of a service, with or without a reason', () => {
  expect(policies.length).toBeGreaterThan(FUNCTIONS.length);
  for (const name of FUNCTIONS) for (const action of actionsOf(name)) expect(action).not.toContain('*');
});

test('no role has a policy that somebody else writes', () => {
  const roles: readonly Resource[] = Object.values(templates).flatMap((all) => ofType(all, 'AWS::IAM::Role'));
  expect(roles.filter(({ Properties }) => 'ManagedPolicyArns' in Properties)).toEqual([]);
});

test('each function has a role of its own', () => {
  const roles = FUNCTIONS.map((name) => JSON.stringify(functionOf(deployer, name)['Role']));
  expect(new Set(roles).size).toBe(FUNCTIONS.length);
});

test.each([
  ['webhook', ['dynamodb', 'kms', 'lambda', 'logs', 'secretsmanager', 'xray']],
  ['sync', ['cloudwatch', 'dynamodb', 'eks', 'kms', 'lambda', 'logs', 's3', 'secretsmanager', 'sqs', 'sts', 'xray']],
  ['render', ['kms', 'logs', 's3', 'xray']],
  ['drift', ['dynamodb', 'eks', 'kms', 'lambda', 'logs', 's3', 'sns', 'sqs', 'sts', 'xray']],
  ['sweep', ['dynamodb', 'kms', 'lambda', 'logs', 'secretsmanager', 'sns', 'sqs', 'xray']],
  ['alarm', ['dynamodb', 'kms', 'lambda', 'logs', 'sns', 'sqs', 'xray']],
  ['api', ['dynamodb', 'kms', 'lambda', 'logs', 's3', 'xray']],
  ['inspect', ['dynamodb', 'eks', 'kms', 'lambda', 'logs', 's3', 'secretsmanager', 'sts', 'xray']],
  ['worker', ['ec2', 'logs', 'xray']],
])('%s uses these services and no others', (name, services) => {
  const used = [...actionsOf(name)].map((action) => action?.split(':')[0]);
  expect([...new Set(used)].sort()).toEqual(services);
});

test('the function that runs tools on what is in Git reads requests and writes answers, nothing else in the bucket', () => {
  const s3 = rightsOf('render').filter((right) => right.startsWith('s3:'));
  expect(s3).toEqual([
    expect.stringMatching(/^s3:GetObject on .*\/render\/requests\/\*/),
    expect.stringMatching(/^s3:PutObject on .*\/render\/answers\/\*/),
  ]);
});

test('only the webhook function reads the webhook secret, and none reads secrets beyond the prefix', () => {
  const reads = (name: string) => rightsOf(name).filter((right) => right.startsWith('secretsmanager:'));
  expect(reads('webhook')).toEqual([
    expect.stringMatching(/"Ref":"SecretsWebhook/),
    expect.stringContaining(':secret:driftless/git/*'),
  ]);
  for (const name of ['sync', 'sweep'])
    expect(reads(name)).toEqual([expect.stringContaining(':secret:driftless/git/*')]);
});

test('nobody can scan, change or delete the table', () => {
  const table = FUNCTIONS.flatMap((name) => [...actionsOf(name)]).filter((action) => action?.startsWith('dynamodb:'));
  expect([...new Set(table)].sort()).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
  ]);
});

describe('the rules of AWS Solutions', () => {
  test.each([
    ['everything', 'everything'],
    ['the example, whose account is not known', 'example'],
  ] as const)('find nothing in %s that has no written reason', (_what, context) => {
    expect(SYNTHESIS.findings[context]).toEqual({ success: true, found: [] });
  });

  test('find a right that is too wide', () => {
    const { found } = SYNTHESIS.findings['a right that is too wide'];
    expect(found.map(({ rule }) => rule)).toEqual(['AwsSolutions-IAM5[Resource::*]']);
  });
});

test('the function that shows what is live changes neither the table nor a rendering, and starts no operation', () => {
  const rights = rightsOf('inspect');
  expect(rights.filter((right) => /^dynamodb:(Put|Update|Delete|BatchWrite)/.test(right))).toEqual([]);
  expect(rights.filter((right) => right.startsWith('s3:Put'))).toEqual([
    expect.stringMatching(/^s3:PutObject on .*\/render\/requests\/\*/),
  ]);
  expect(rights.filter((right) => right.startsWith('lambda:')).join()).not.toContain('driftless-sync');
});

test('the function that answers people reads renderings, and writes none', () => {
  expect(rightsOf('api').filter((right) => right.startsWith('s3:Put'))).toEqual([]);
});
