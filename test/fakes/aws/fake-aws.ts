// An AWS account of one process: what the deployer calls there, behind one endpoint, without any of its rules but those that matter to a caller.
import { type AwsOperation, type AwsServer, startAwsServer } from './aws-server.ts';
import { type AwsAnswer, type AwsCall, AwsError } from './wire.ts';

/** A cluster as DescribeCluster tells of it. */
type FakeEksCluster = {
  readonly endpoint?: string;
  /** PEM. */
  readonly ca?: string;
  readonly status?: string;
  readonly publicAccess?: boolean;
};

/** A function: gets the payload, gives the answer; what it throws is a function error, its name the error's type. */
type FakeFunction = (payload: string) => unknown;

type FakeRole = { readonly externalId?: string; readonly accessKeyId: string };

type Published = {
  readonly topic: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly structure: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
};

type FakeAlarm = { readonly name: string; readonly type: 'metric' | 'composite'; state: 'OK' | 'ALARM' };

/** Everything there is in the account; tests change it as they go. */
export type FakeAws = AwsServer & {
  /** Secret values by name or ARN. */
  readonly secrets: Map<string, string>;
  /** By name. */
  readonly clusters: Map<string, FakeEksCluster>;
  /** By ARN. */
  readonly roles: Map<string, FakeRole>;
  /** By the name or ARN that they are invoked by. */
  readonly functions: Map<string, FakeFunction>;
  /** Payloads of the durable executions that were started, by name. */
  readonly executions: Map<string, string>;
  readonly published: Published[];
  readonly alarms: FakeAlarm[];
};

/** Starts an empty account, which may answer more operations. */
export async function startFakeAws(more: Readonly<Record<string, AwsOperation>> = {}): Promise<FakeAws> {
  const account = {
    secrets: new Map<string, string>(),
    clusters: new Map<string, FakeEksCluster>(),
    roles: new Map<string, FakeRole>(),
    functions: new Map<string, FakeFunction>(),
    executions: new Map<string, string>(),
    published: [] as Published[],
    alarms: [] as FakeAlarm[],
  };
  const server = await startAwsServer({
    'secretsmanager.GetSecretValue': getSecretValue(account),
    'eks.DescribeCluster': describeCluster(account),
    'sts.AssumeRole': assumeRole(account),
    'lambda.Invoke': (call) => invoke(account, call),
    'sns.Publish': publish(account),
    'cloudwatch.DescribeAlarms': describeAlarms(account),
    ...more,
  });
  return { ...server, ...account };
}

type Account = Omit<FakeAws, keyof AwsServer>;

function getSecretValue({ secrets }: Account): AwsOperation {
  return ({ input }) => {
    const id = String(input['SecretId']);
    const value = secrets.get(id);
    if (value === undefined) throw new AwsError('ResourceNotFoundException', 400);
    return { fields: { ARN: `arn:aws:secretsmanager:eu-central-1:1:secret:${id}`, Name: id, SecretString: value } };
  };
}

function describeCluster({ clusters }: Account): AwsOperation {
  return ({ input }) => {
    const name = String(input['name']);
    const found = clusters.get(name);
    if (found === undefined)
      throw new AwsError('ResourceNotFoundException', 404, `No cluster found for name: ${name}.`);
    const { endpoint, ca, status = 'ACTIVE', publicAccess = true } = found;
    const certificateAuthority = ca === undefined ? {} : { data: Buffer.from(ca).toString('base64') };
    const resourcesVpcConfig = { endpointPublicAccess: publicAccess, endpointPrivateAccess: true };
    return { fields: { cluster: { name, endpoint, status, certificateAuthority, resourcesVpcConfig } } };
  };
}

function assumeRole({ roles }: Account): AwsOperation {
  return ({ input }) => {
    const role = roles.get(String(input['RoleArn']));
    if (role === undefined || role.externalId !== input['ExternalId']) throw new AwsError('AccessDenied', 403);
    const { accessKeyId: AccessKeyId } = role;
    const Expiration = new Date(Date.now() + 3600_000).toISOString();
    const secrets = { SecretAccessKey: 'role-key', SessionToken: `session-of-${AccessKeyId}` };
    return { fields: { Credentials: { AccessKeyId, ...secrets, Expiration } } };
  };
}

/** An execution of a name that exists is not started again; with another payload it is refused, as Lambda does. */
async function invoke({ functions, executions }: Account, { input }: AwsCall): Promise<AwsAnswer> {
  const [name, payload] = [String(input['FunctionName']), String(input['Payload'])];
  const target = functions.get(name);
  if (target === undefined) throw new AwsError('ResourceNotFoundException', 404);
  const execution = input['DurableExecutionName'];
  if (typeof execution === 'string') {
    const known = executions.get(execution);
    if (known !== undefined && known !== payload) throw new AwsError('DurableExecutionAlreadyStartedException', 409);
    executions.set(execution, payload);
    if (known !== undefined) return { payload: '', status: 202 };
  }
  if (input['InvocationType'] === 'Event') {
    void Promise.resolve(target(payload)).catch(() => undefined);
    return { payload: '', status: 202 };
  }
  try {
    return { payload: JSON.stringify(await target(payload)) ?? 'null' };
  } catch (thrown) {
    const { name: errorType, message: errorMessage } = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { payload: JSON.stringify({ errorType, errorMessage }), headers: { 'x-amz-function-error': 'Unhandled' } };
  }
}

function publish({ published }: Account): AwsOperation {
  return ({ input }) => {
    const attributes: Record<string, string> = {};
    for (let n = 1; input[`MessageAttributes.entry.${n}.Name`] !== undefined; n += 1)
      attributes[String(input[`MessageAttributes.entry.${n}.Name`])] = String(
        input[`MessageAttributes.entry.${n}.Value.StringValue`],
      );
    const text = (field: string) => (typeof input[field] === 'string' ? String(input[field]) : undefined);
    const [topic, message] = [String(input['TopicArn']), String(input['Message'])];
    published.push({ topic, subject: text('Subject'), message, structure: text('MessageStructure'), attributes });
    return { fields: { MessageId: String(published.length) } };
  };
}

function describeAlarms({ alarms }: Account): AwsOperation {
  return ({ input }) => {
    const names = listOf(input, 'AlarmNames');
    // Composite alarms are left out unless they are asked for.
    const types = listOf(input, 'AlarmTypes');
    const found = alarms.filter(({ name, state, type }) => {
      const wanted = input['StateValue'] === undefined || input['StateValue'] === state;
      const asked =
        type === 'metric' ? types.length === 0 || types.includes('MetricAlarm') : types.includes('CompositeAlarm');
      return names.includes(name) && wanted && asked;
    });
    const of = (type: string) =>
      found.filter((one) => one.type === type).map(({ name, state }) => ({ AlarmName: name, StateValue: state }));
    return { fields: { MetricAlarms: of('metric'), CompositeAlarms: of('composite') } };
  };
}

/** A list of a call, as the protocols of CloudWatch write it. */
function listOf(input: AwsCall['input'], field: string): readonly string[] {
  const value = input[field];
  if (Array.isArray(value)) return value.map(String);
  const members = Object.entries(input).filter(([name]) => name.startsWith(`${field}.member.`));
  return members.map(([, member]) => String(member));
}
