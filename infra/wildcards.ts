// Every permission whose action or resource contains a `*`, with the reason why it is not narrower. A permission that is missing here fails a test, and the
// check of the stack at every synthesis.
import { type Stack, Validations } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

type Wildcard = {
  /** The actions of the statement, all of them. */
  readonly actions: readonly string[];
  /** The resource as it is written, references in angle brackets. */
  readonly resource: RegExp;
  readonly reason: string;
};

/** All of them. */
export const WILDCARDS: readonly Wildcard[] = [
  {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resource: /^\*$/,
    reason: 'X-Ray has no resource for traces.',
  },
  {
    actions: ['cloudwatch:DescribeAlarms'],
    resource: /^\*$/,
    reason:
      'Applications name their alarms in Git, which the stack does not know; the action reads states and changes nothing.',
  },
  {
    actions: ['secretsmanager:GetSecretValue'],
    resource: /:secret:[\w/+=.@-]+\*$/,
    reason: 'Repositories and their secrets are added without a deployment, all below this prefix.',
  },
  {
    actions: ['s3:GetObject', 's3:PutObject'],
    resource: /^<Blobs\w+\.Arn>\/\*$/,
    reason: 'Keys of blobs are hashes and names of applications, which the stack does not know.',
  },
  {
    actions: ['s3:GetObject'],
    resource: /^<Blobs\w+\.Arn>\/\*$/,
    reason: 'Objects of an application are shown from its rendering and its plans, whose keys the stack does not know.',
  },
  {
    actions: ['s3:GetObject'],
    resource: /^<Blobs\w+\.Arn>\/render\/requests\/\*$/,
    reason: 'Keys of messages to the render function are hashes.',
  },
  {
    actions: ['s3:PutObject'],
    resource: /^<Blobs\w+\.Arn>\/render\/requests\/\*$/,
    reason: 'Keys of messages to the render function are hashes.',
  },
  {
    actions: ['s3:PutObject'],
    resource: /^<Blobs\w+\.Arn>\/render\/answers\/\*$/,
    reason: 'Keys of messages of the render function are hashes.',
  },
  {
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resource: /:function:[\w-]+-sync:\*$/,
    reason: 'The resource of an execution contains the version and name of this function.',
  },
  {
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resource: /^\*$/,
    reason: 'Lambda creates the network interfaces of a function in a VPC, whose names are not known in advance.',
  },
  {
    actions: ['execute-api:Invoke'],
    resource: /:execute-api:[\w-]+:(\d+|<AWS::AccountId>):<Http\w+>\/\*\/((GET|POST)\/api|GET\/live)\/\*$/,
    reason: 'A person may read all applications or none; an administrator may write narrower policies.',
  },
];

/** The row for a permission; undefined where none exists. */
export function wildcardFor(actions: readonly string[], resource: string): Wildcard | undefined {
  const same = (row: Wildcard) =>
    row.actions.length === actions.length && row.actions.every((one) => actions.includes(one));
  return WILDCARDS.find((row) => same(row) && row.resource.test(resource));
}

/** Passes the reasons to the check of the stack, resource by resource. */
export function acknowledgeWildcards(stack: Stack): void {
  for (const policy of stack.node.findAll().filter(isPolicy)) {
    const document: unknown = stack.resolve(policy.policyDocument);
    for (const { actions, resource } of wildcardsIn(document)) {
      const row = wildcardFor(actions, resource);
      if (row !== undefined)
        Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: row.reason });
    }
  }
}

function isPolicy(node: IConstruct): node is CfnPolicy | CfnManagedPolicy {
  return node instanceof CfnPolicy || node instanceof CfnManagedPolicy;
}

type Right = { readonly actions: readonly string[]; readonly resource: string };

/** Permissions of a policy with a `*` in an action or resource. */
export function wildcardsIn(document: unknown): readonly Right[] {
  return listOf(fieldOf(document, 'Statement'))
    .filter((statement) => fieldOf(statement, 'Effect') === 'Allow')
    .flatMap((statement) => {
      const actions = listOf(fieldOf(statement, 'Action')).map(String);
      const resources = listOf(fieldOf(statement, 'Resource')).map(written);
      return resources
        .filter((resource) => resource.includes('*') || actions.some((action) => action.includes('*')))
        .map((resource) => ({ actions, resource }));
    });
}

/** A value of a template as text, references in angle brackets. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = fieldOf(value, 'Fn::Join');
  if (Array.isArray(join)) return listOf(join[1]).map(written).join(String(join[0]));
  const attribute = fieldOf(value, 'Fn::GetAtt');
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  const reference = fieldOf(value, 'Ref');
  return typeof reference === 'string' ? `<${reference}>` : JSON.stringify(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
