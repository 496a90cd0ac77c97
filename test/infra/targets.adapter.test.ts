import { ofType, type Resources, resourcesOf, SYNTHESIS } from './synthesized.ts';

const stacks = resourcesOf('everything');
const stackOf = (name: string): Resources => stacks[name] ?? {};
const entriesOf = (name: string) => ofType(stackOf(name), 'AWS::EKS::AccessEntry').map(({ Properties }) => Properties);

test('there is a stack for each account and region with clusters, and no other', () => {
  expect(Object.keys(stacks).sort()).toEqual([
    'driftless',
    'driftless-access-222222222222-us-east-1',
    'driftless-access-us-east-1',
  ]);
});

test('the functions that talk to clusters enter those beside them by themselves: who deploys in one group, who reads in another', () => {
  const entries = entriesOf('driftless');
  expect(entries.map(({ ClusterName }) => ClusterName).sort()).toEqual([
    'inner',
    'inner',
    'inner',
    'prod',
    'prod',
    'prod',
  ]);
  for (const entry of entries) {
    const isReader = JSON.stringify(entry).includes('Functionsinspect');
    const group = isReader ? 'driftless:readers' : 'driftless';
    expect(entry).toMatchObject({
      KubernetesGroups: [group],
      Username: `${group}:{{SessionName}}`,
      Type: 'STANDARD',
    });
  }
  const principals = entries
    .filter(({ ClusterName }) => ClusterName === 'prod')
    .map(({ PrincipalArn }) => PrincipalArn);
  expect(new Set(principals.map((one) => JSON.stringify(one))).size).toBe(3);
});

test('a cluster whose access entry is made by somebody else gets none', () => {
  expect(JSON.stringify(stacks)).not.toContain('"ClusterName":"given"');
  expect(JSON.stringify(stackOf('driftless'))).toContain(':cluster/given');
});

test('in another region of the account the same roles enter', () => {
  expect(Object.values(stackOf('driftless-access-us-east-1')).map(({ Type }) => Type)).toEqual([
    'AWS::EKS::AccessEntry',
    'AWS::EKS::AccessEntry',
    'AWS::EKS::AccessEntry',
  ]);
  expect(JSON.stringify(entriesOf('driftless-access-us-east-1'))).toContain(
    ':iam::111111111111:role/driftless-eu-central-1-sync',
  );
});

describe('in another account', () => {
  const foreign = stackOf('driftless-access-222222222222-us-east-1');
  const one = (type: string, isReader: boolean) => {
    const found = ofType(foreign, type).filter((each) => JSON.stringify(each).includes('eaders') === isReader);
    if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} of ${type}`);
    return found[0].Properties;
  };

  test('a role enters, which those functions alone take, with the external id', () => {
    const { AssumeRolePolicyDocument, RoleName } = one('AWS::IAM::Role', false);
    expect(RoleName).toBe('driftless');
    const { Statement } = AssumeRolePolicyDocument as { Statement: { Principal: unknown }[] };
    expect(Statement.map(({ Principal }) => JSON.stringify(Principal))).toEqual([
      expect.stringContaining(':iam::111111111111:role/driftless-eu-central-1-sync'),
      expect.stringContaining(':iam::111111111111:role/driftless-eu-central-1-drift'),
    ]);
    for (const statement of Statement)
      expect(statement).toMatchObject({ Condition: { StringEquals: { 'sts:ExternalId': 'an-external-id' } } });
    expect(one('AWS::EKS::AccessEntry', false)).toMatchObject({
      ClusterName: 'foreign',
      KubernetesGroups: ['driftless'],
      PrincipalArn: 'arn:aws:iam::222222222222:role/driftless',
    });
  });

  test('the reader has a role of its own there, which no other function takes', () => {
    const { AssumeRolePolicyDocument, RoleName } = one('AWS::IAM::Role', true);
    expect(RoleName).toBe('driftless-readers');
    const { Statement } = AssumeRolePolicyDocument as { Statement: { Principal: unknown }[] };
    expect(Statement.map(({ Principal }) => JSON.stringify(Principal))).toEqual([
      expect.stringContaining(':iam::111111111111:role/driftless-eu-central-1-inspect'),
    ]);
    expect(one('AWS::EKS::AccessEntry', true)).toMatchObject({
      ClusterName: 'foreign',
      KubernetesGroups: ['driftless:readers'],
      PrincipalArn: 'arn:aws:iam::222222222222:role/driftless-readers',
    });
  });

  test('the role may describe that cluster and nothing else', () => {
    const { PolicyDocument } = one('AWS::IAM::Policy', false);
    expect(PolicyDocument).toMatchObject({ Statement: [{ Action: 'eks:DescribeCluster', Effect: 'Allow' }] });
    expect(JSON.stringify(PolicyDocument)).toContain(':cluster/foreign');
  });

  test('the roles there have the names that the functions take them by', () => {
    const policies = ofType(stackOf('driftless'), 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties).includes('sts:AssumeRole'),
    );
    expect(policies).toHaveLength(3);
    for (const policy of policies) {
      const role = JSON.stringify(policy).includes('Functionsinspect') ? 'driftless-readers' : 'driftless';
      expect(JSON.stringify(policy)).toContain(`"Resource":"arn:aws:iam::222222222222:role/${role}"`);
    }
  });
});

test('nothing in a cluster is managed by a stack, so removing one leaves clusters as they are', () => {
  const types = Object.values(stacks).flatMap((resources) => Object.values(resources).map(({ Type }) => Type));
  expect(types.filter((type) => type.startsWith('AWS::EKS::'))).toEqual(
    types.filter((type) => type === 'AWS::EKS::AccessEntry'),
  );
  expect(types.filter((type) => type.startsWith('Custom::') || type.includes('CustomResource'))).toEqual([]);
});

test('no resources wait for each other in a circle, which CloudFormation would refuse', () => {
  expect(SYNTHESIS.circles).toEqual({
    everything: [],
    'two topics': [expect.stringContaining('dependency cycle')],
  });
});
