// Names in the stack that outlive a deployment, or that people, dashboards and other stacks go by. A logical id that changes makes CloudFormation replace
// what it names: of what holds state, nothing is left then.
import { ENV, FUNCTIONS, OUTPUTS } from '../../lib/config/env-names.ts';
import { deployerOf, ofType, type Resource, SYNTHESIS } from '../infra/synthesized.ts';

const template = deployerOf('everything');

/** A property of every resource of a type, by its logical id. */
function named(type: string, property: string): Readonly<Record<string, unknown>> {
  const found = Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  return Object.fromEntries(found.map(([id, { Properties }]) => [id, Properties[property]]));
}

const values = (type: string, property: string) => Object.values(named(type, property));

test('the stacks', () => {
  expect(Object.keys(SYNTHESIS.stacks['everything'])).toEqual([
    'driftless',
    'driftless-access-222222222222-us-east-1',
    'driftless-access-us-east-1',
  ]);
});

test('the outputs, and those that the command line reads', () => {
  expect(Object.keys(template.Outputs)).toEqual([
    'Url',
    'WebhookSecret',
    'GitSecretPrefix',
    'ReadPolicy',
    'OperatePolicy',
    'LivePolicy',
    'Table',
    'Bucket',
    'Topic',
    'SyncRole',
    'DriftRole',
    'WorkerSecurityGroup',
  ]);
  expect(OUTPUTS).toEqual({
    url: 'Url',
    webhookSecret: 'WebhookSecret',
    gitSecretPrefix: 'GitSecretPrefix',
    readPolicy: 'ReadPolicy',
    operatePolicy: 'OperatePolicy',
    livePolicy: 'LivePolicy',
  });
});

test('what holds state keeps its logical id', () => {
  const ids = (type: string) => Object.keys(named(type, ''));
  expect(ids('AWS::DynamoDB::GlobalTable')).toEqual(['StateTable962DE04C']);
  expect(ids('AWS::S3::Bucket')).toEqual(['BlobsBucket1038ED5D']);
  expect(ids('AWS::SQS::Queue')).toEqual(['DeadLettersBBF8BAAB']);
  expect(ids('AWS::SNS::Topic')).toEqual(['NotificationsTopicAE679CBD']);
  expect(ids('AWS::KMS::Key')).toEqual(['Key9BCD29C7']);
  expect(named('AWS::SecretsManager::Secret', 'Name')).toEqual({ SecretsWebhook8D5E2A64: 'driftless/webhooks' });
  expect(named('AWS::ApiGatewayV2::Api', 'Name')).toEqual({ HttpApi4E1D4184: 'driftless' });
});

test('functions keep name and logical id, also since durable executions belong to one', () => {
  expect(FUNCTIONS).toEqual(['webhook', 'sync', 'render', 'drift', 'sweep', 'alarm', 'api', 'inspect', 'worker']);
  expect(named('AWS::Lambda::Function', 'FunctionName')).toEqual({
    FunctionswebhookFunction51167A87: 'driftless-webhook',
    FunctionssyncFunction8EB404DC: 'driftless-sync',
    FunctionsrenderFunction359AB5A1: 'driftless-render',
    FunctionsdriftFunction70327073: 'driftless-drift',
    FunctionssweepFunctionDFE96253: 'driftless-sweep',
    FunctionsalarmFunction6B30482F: 'driftless-alarm',
    FunctionsapiFunctionD03CF54C: 'driftless-api',
    FunctionsinspectFunctionC4B52346: 'driftless-inspect',
    FunctionsworkerFunctionE47A4A25: 'driftless-worker',
  });
  expect(named('AWS::Lambda::Alias', 'Name')).toEqual({ FunctionssyncFunctionAliasliveE0468966: 'live' });
});

test('names by which people, clusters and other accounts know the deployer', () => {
  expect(values('AWS::IAM::Role', 'RoleName').filter((name) => name !== undefined)).toEqual([
    'driftless-eu-central-1-sync',
    'driftless-eu-central-1-drift',
    'driftless-eu-central-1-inspect',
  ]);
  expect(values('AWS::IAM::ManagedPolicy', 'ManagedPolicyName')).toEqual([
    'driftless-eu-central-1-read',
    'driftless-eu-central-1-operate',
    'driftless-eu-central-1-live',
  ]);
  expect(values('AWS::Scheduler::Schedule', 'Name')).toEqual(['driftless-drift', 'driftless-sweep']);
  expect(values('AWS::Logs::SubscriptionFilter', 'FilterName')).toEqual(['driftless']);
  expect(values('AWS::CloudWatch::Dashboard', 'DashboardName')).toEqual(['driftless']);
  expect(values('AWS::SNS::Topic', 'DisplayName')).toEqual(['Driftless']);
  expect(values('AWS::Logs::LogGroup', 'LogGroupName')).toEqual([
    ...FUNCTIONS.map((name) => `/aws/lambda/driftless-${name}`),
    '/driftless/driftless/access',
  ]);
});

/** `Driftless syncsFailed` of an alarm, or what its expression is made of. */
function metricOf({ Properties: { Namespace, MetricName, Metrics } }: Resource): string {
  if (Namespace !== undefined) return `${String(Namespace)} ${String(MetricName)}`;
  const names = (Array.isArray(Metrics) ? Metrics : []).map(({ MetricStat }) => MetricStat?.Metric?.MetricName);
  return `of all functions ${[...new Set(names.filter((name) => name !== undefined))].join()}`;
}

test('the alarms, and the metrics that they look at', () => {
  const alarms = ofType(template.Resources, 'AWS::CloudWatch::Alarm');
  expect(alarms.map((alarm) => [alarm.Properties['AlarmName'], metricOf(alarm)])).toEqual([
    ['driftless-failed-syncs', 'Driftless syncsFailed'],
    ['driftless-degraded-applications', 'Driftless applicationsDegraded'],
    ['driftless-webhook-signature-failures', 'Driftless webhookSignatureFailures'],
    ['driftless-drift-found', 'Driftless applicationsDrifted'],
    ['driftless-unreachable-clusters', 'Driftless clustersUnreachable'],
    ['driftless-last-scan-too-old', 'Driftless scanAgeSeconds'],
    ['driftless-dead-letters', 'AWS/SQS ApproximateNumberOfMessagesVisible'],
    ['driftless-function-errors', 'of all functions Errors'],
    ['driftless-function-throttles', 'of all functions Throttles'],
    ['driftless-api-server-errors', 'AWS/ApiGateway 5xx'],
    ['driftless-durable-executions-failed', 'AWS/Lambda DurableExecutionFailed'],
    ['driftless-durable-executions-timed-out', 'AWS/Lambda DurableExecutionTimedOut'],
  ]);
});

test('the environment of the functions', () => {
  expect(ENV).toEqual({
    name: 'DRIFTLESS_NAME',
    deployer: 'DRIFTLESS_DEPLOYER',
    table: 'DRIFTLESS_TABLE',
    bucket: 'DRIFTLESS_BUCKET',
    syncFunction: 'DRIFTLESS_SYNC_FUNCTION',
    renderFunction: 'DRIFTLESS_RENDER_FUNCTION',
    driftFunction: 'DRIFTLESS_DRIFT_FUNCTION',
    sweepFunction: 'DRIFTLESS_SWEEP_FUNCTION',
    workerFunction: 'DRIFTLESS_WORKER_FUNCTION',
    topic: 'DRIFTLESS_TOPIC',
    webhookSecret: 'DRIFTLESS_WEBHOOK_SECRET',
    gitSecretPrefix: 'DRIFTLESS_GIT_SECRET_PREFIX',
    configRepo: 'DRIFTLESS_CONFIG_REPO',
    configRef: 'DRIFTLESS_CONFIG_REF',
    configPath: 'DRIFTLESS_CONFIG_PATH',
    configSecret: 'DRIFTLESS_CONFIG_SECRET',
    tools: 'DRIFTLESS_TOOLS',
  });
});
