import { FUNCTIONS } from '../../lib/config/env-names.ts';
import { TABLE } from '../../lib/state/dynamo/keys.ts';
import { FULL } from './contexts.ts';
import { deployerOf, functionOf, ofType, only } from './synthesized.ts';

const resources = deployerOf('everything').Resources;
const small = deployerOf('nothing retained').Resources;
const often = deployerOf('own schedules').Resources;

const one = (type: string) => ofType(resources, type)[0];

describe('the state table', () => {
  const table = only(resources, 'AWS::DynamoDB::GlobalTable');

  test('is the one that the library knows, keys, indexes and time to live', () => {
    expect(table['KeySchema']).toEqual([
      { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
      { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
    ]);
    expect(table['GlobalSecondaryIndexes']).toEqual(
      TABLE.indexes.map(({ name, partitionKey, sortKey }) => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: partitionKey, KeyType: 'HASH' },
          { AttributeName: sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
    expect(table['TimeToLiveSpecification']).toEqual({ AttributeName: TABLE.timeToLive, Enabled: true });
  });

  test('is paid by request, can be restored to any second, and cannot be deleted by mistake', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    });
  });
});

test.each([['AWS::DynamoDB::GlobalTable'], ['AWS::S3::Bucket'], ['AWS::KMS::Key']])(
  '%s outlives the stack, unless that is not wanted',
  (type) => {
    expect(one(type)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(ofType(small, type)[0]).toMatchObject({ DeletionPolicy: 'Delete' });
  },
);

test('blobs are encrypted with the own key, versioned, never public, and reached by TLS only', () => {
  expect(only(resources, 'AWS::S3::Bucket')).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ],
    },
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  expect(only(resources, 'AWS::S3::BucketPolicy')).toMatchObject({
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test('renderings never expire, since a rollback needs them; messages, plans and old versions do', () => {
  const { Rules } = only(resources, 'AWS::S3::Bucket')['LifecycleConfiguration'] as { Rules: { Prefix?: string }[] };
  const expiring = Rules.filter((rule) => 'ExpirationInDays' in rule).map(({ Prefix }) => Prefix);
  expect(expiring.sort()).toEqual(['changes/', 'plans/', 'render/']);
  expect(Rules).toContainEqual(expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } }));
});

test('the key is rotated, and alarms may use it to notify', () => {
  const { EnableKeyRotation, KeyPolicy } = only(resources, 'AWS::KMS::Key');
  expect(EnableKeyRotation).toBe(true);
  expect(KeyPolicy).toMatchObject({
    Statement: expect.arrayContaining([
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      }),
    ]),
  });
});

test('the webhook secret is made up by AWS, and no value of a secret stands in the template', () => {
  const secret = only(resources, 'AWS::SecretsManager::Secret');
  expect(secret).toMatchObject({
    Name: 'driftless/webhooks',
    KmsKeyId: expect.anything(),
    GenerateSecretString: { SecretStringTemplate: '{}', GenerateStringKey: 'github', PasswordLength: 40 },
  });
  expect(secret).not.toHaveProperty('SecretString');
});

test('notifications are encrypted, and take messages of the own alarms by TLS only', () => {
  expect(only(resources, 'AWS::SNS::Topic')).toHaveProperty('KmsMasterKeyId');
  expect(only(resources, 'AWS::SNS::Subscription')).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
  expect(ofType(small, 'AWS::SNS::Subscription')).toEqual([]);
  expect(only(resources, 'AWS::SNS::TopicPolicy')).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } },
      ],
    },
  });
});

test('what the webhook function has not got, the HTTP API does: limits, a log of accesses, a domain', () => {
  expect(only(resources, 'AWS::ApiGatewayV2::Stage')).toMatchObject({
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    AccessLogSettings: { DestinationArn: expect.anything(), Format: expect.stringContaining('$context.status') },
  });
  const integrations = ofType(resources, 'AWS::ApiGatewayV2::Integration').map(({ Properties }) => Properties);
  expect(integrations.map(({ PayloadFormatVersion }) => PayloadFormatVersion)).toEqual(['2.0', '2.0', '2.0']);
  expect(only(resources, 'AWS::ApiGatewayV2::DomainName')).toMatchObject({ DomainName: 'deploy.example.com' });
  expect(only(resources, 'AWS::ApiGatewayV2::Api')).toMatchObject({ DisableExecuteApiEndpoint: true });
  expect(only(small, 'AWS::ApiGatewayV2::Api')).toMatchObject({ DisableExecuteApiEndpoint: false });
});

describe('each function', () => {
  test.each(FUNCTIONS.map((name) => [name]))('%s is the file of its name, traced, with a log that ends', (name) => {
    expect(functionOf(resources, name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Architectures: [name === 'render' ? 'x86_64' : 'arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: expect.anything() },
    });
  });

  test('has a log of its own, kept for 30 days, like the log of accesses', () => {
    const logs = ofType(resources, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    expect(logs.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
      [...FUNCTIONS.map((name) => `/aws/lambda/driftless-${name}`), '/driftless/driftless/access'].sort(),
    );
    expect(new Set(logs.map(({ RetentionInDays }) => RetentionInDays))).toEqual(new Set([30]));
  });

  test('that takes events leaves those that it cannot handle to the dead letters', () => {
    const withQueue = FUNCTIONS.filter((name) => 'DeadLetterConfig' in functionOf(resources, name));
    expect(withQueue).toEqual(['sync', 'drift', 'sweep', 'alarm']);
  });

  test('is there without a private cluster too, except the worker', () => {
    expect(ofType(small, 'AWS::Lambda::Function')).toHaveLength(FUNCTIONS.length - 1);
  });
});

describe('operations', () => {
  test('are durable, and run on the version on which they began', () => {
    expect(functionOf(resources, 'sync')['DurableConfig']).toEqual({
      ExecutionTimeout: 86_400,
      RetentionPeriodInDays: 14,
    });
    expect(one('AWS::Lambda::Version')).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(only(resources, 'AWS::Lambda::Alias')).toMatchObject({ Name: 'live' });
  });

  test('are started through the alias only', () => {
    const text = JSON.stringify(ofType(resources, 'AWS::IAM::Policy'));
    expect(text.match(/function:driftless-sync:live"/g)).toHaveLength(6);
    expect(text).not.toContain('function:driftless-sync"');
  });
});

test('the scan and the sweep run by the clock, are tried again, and leave dead letters', () => {
  const schedules = ofType(often, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
  expect(schedules).toMatchObject([
    { Name: 'driftless-drift', ScheduleExpression: 'rate(1 minute)' },
    { Name: 'driftless-sweep', ScheduleExpression: 'rate(15 minutes)' },
  ]);
  for (const { Target } of schedules)
    expect(Target).toMatchObject({ DeadLetterConfig: expect.anything(), RetryPolicy: { MaximumRetryAttempts: 3 } });
});

test('alarms of the account that go off reach the alarm function, the own ones do not', () => {
  expect(only(resources, 'AWS::Events::Rule')).toMatchObject({
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { state: { value: ['ALARM'] }, alarmName: [{ 'anything-but': { prefix: 'driftless-' } }] },
    },
    Targets: [{ DeadLetterConfig: expect.anything() }],
  });
});

test('dead letters are encrypted and kept for two weeks', () => {
  expect(only(resources, 'AWS::SQS::Queue')).toMatchObject({
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
  });
});

describe('private clusters', () => {
  test('are reached by the worker, in subnets of their VPC, which may send HTTPS and nothing else', () => {
    expect(functionOf(resources, 'worker')['VpcConfig']).toMatchObject({ SubnetIds: FULL.worker.subnets });
    expect(only(resources, 'AWS::EC2::SecurityGroup')).toMatchObject({
      SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }],
    });
    expect(only(resources, 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 443,
      ToPort: 443,
    });
  });

  test('keep no other function from the internet', () => {
    expect(FUNCTIONS.filter((name) => 'VpcConfig' in functionOf(resources, name))).toEqual(['worker']);
  });
});

test('the audit log of a cluster tells the drift function what others than the cluster and the deployer change', () => {
  const filter = only(resources, 'AWS::Logs::SubscriptionFilter');
  expect(filter).toMatchObject({ LogGroupName: '/aws/eks/prod/cluster' });
  expect(String(filter['FilterPattern']).length).toBeLessThanOrEqual(1024);
  expect(filter['FilterPattern']).toContain('$.user.username != "driftless:*"');
});
