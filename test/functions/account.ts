// The deployer as it runs on AWS, in one account of this machine: the very bundles of the stack in processes of their own, with the environment that the
// stack gives them; DynamoDB is an emulator, the services around it are fakes, the durable service is the journal, the cluster is a real API server.
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTable, dynamoDbClient, type Emulator, startDynamoDb } from '../../dev/dynamodb.ts';
import { kubectlLayer } from '../../dev/kubectl-layer.ts';
import { createSandbox, type Sandbox } from '../../dev/lambda/sandbox.ts';
import { ENV, FUNCTIONS, type FunctionName } from '../../lib/config/env-names.ts';
import { operationName } from '../../lib/model/operation.ts';
import type { StateStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import type { AwsServer } from '../fakes/aws/aws-server.ts';
import { type FakeAws, startFakeAws } from '../fakes/aws/fake-aws.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { type S3Server, startS3Server } from '../fakes/s3-server.ts';
import { openDurableService } from './durable-service.ts';
import { startDynamoDbProxy } from './dynamodb-proxy.ts';
import { type EksApiServer, startEksApiServer } from './eks-api-server.ts';
import { sharedBundles } from './shared-bundles.ts';

const REGION = 'eu-central-1';
const ACCESS_KEY = 'AKIDEXAMPLE';
const ARN = `arn:aws:lambda:${REGION}:123456789012:function:driftless`;
const SYNC_FUNCTION = `${ARN}-sync:live`;
const TABLE = 'driftless';

/** Name of the one cluster, in the account and in the configuration. */
export const CLUSTER = 'prod';

type ConfigSource = { readonly repo: string; readonly path: string };

export type AccountOptions = {
  readonly config: ConfigSource;
  readonly webhookSecret: string;
  readonly emulator?: Emulator;
};

export type Account = {
  readonly aws: FakeAws;
  readonly s3: S3Server;
  /** In front of the emulator, so that calls can fail. */
  readonly dynamoDb: AwsServer;
  readonly api: EksApiServer;
  readonly state: StateStore;
  readonly functions: Readonly<Record<FunctionName, Sandbox>>;
  /** What the functions have printed. */
  readonly printed: readonly string[];
  stop(): Promise<void>;
};

/** Starts everything; the configuration is read when the sweep is invoked. */
export async function openAccount({ config, webhookSecret, emulator = 'dynoxide' }: AccountOptions): Promise<Account> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-account-'));
  const log = new RecordingLog();
  const [db, s3, api, durable, bundled] = await Promise.all([
    startDynamoDb({ emulators: [emulator] }),
    startS3Server(),
    startEksApiServer(ACCESS_KEY),
    openDurableService({ dir: join(folder, 'journal'), log }),
    sharedBundles(),
    layTools(join(folder, 'tools')),
  ]);
  const client = dynamoDbClient(db.endpoint);
  await createTable(client, TABLE);
  const dynamoDb = await startDynamoDbProxy(db.endpoint);
  const aws = await startFakeAws(durable.operations);
  aws.secrets.set('driftless/webhooks', JSON.stringify({ github: [webhookSecret] }));
  aws.clusters.set(CLUSTER, { endpoint: api.endpoint, ca: api.ca });

  const environment = {
    ...credentials(),
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    ...settings(config, join(folder, 'tools')),
  };
  const printed: string[] = [];
  const made = FUNCTIONS.map(async (name): Promise<[FunctionName, Sandbox]> => {
    const bundle = join(bundled.folder, name, 'index.mjs');
    const onLine = (line: string) => printed.push(`${name} ${line}`);
    return [name, await createSandbox({ bundle, name, environment, onLine })];
  });
  const sandboxes = await Promise.all(made);
  const functions = Object.fromEntries(sandboxes) as Account['functions'];
  for (const [name, sandbox] of sandboxes)
    aws.functions.set(`driftless-${name}`, (payload) => sandbox.invoke(JSON.parse(payload)));
  aws.functions.set(SYNC_FUNCTION, (payload) => durable.journal.start(operationName(JSON.parse(payload)), payload));
  durable.run((event) => functions.sync.invoke(event));

  return {
    aws,
    s3,
    dynamoDb,
    api,
    state: createStateStore({ client, table: TABLE, clock: systemClock, log }),
    functions,
    printed,
    async stop() {
      await durable.journal.stop(0);
      await Promise.all(Object.values(functions).map((sandbox) => sandbox.kill()));
      await Promise.all([aws.stop(), s3.stop(), dynamoDb.stop(), api.stop()]);
      client.destroy();
      await db.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function credentials() {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: 'a key of the tests',
    AWS_SESSION_TOKEN: 'a session of the tests',
  };
}

function settings({ repo, path }: ConfigSource, tools: string) {
  return {
    [ENV.name]: 'driftless',
    [ENV.deployer]: 'driftless-123456789012-eu-central-1',
    [ENV.table]: TABLE,
    [ENV.bucket]: 'driftless-blobs',
    [ENV.syncFunction]: SYNC_FUNCTION,
    [ENV.renderFunction]: 'driftless-render',
    [ENV.driftFunction]: 'driftless-drift',
    [ENV.sweepFunction]: 'driftless-sweep',
    [ENV.topic]: `arn:aws:sns:${REGION}:123456789012:driftless`,
    [ENV.webhookSecret]: 'driftless/webhooks',
    [ENV.gitSecretPrefix]: 'driftless/git/',
    [ENV.configRepo]: repo,
    [ENV.configRef]: 'main',
    [ENV.configPath]: path,
    [ENV.tools]: tools,
  };
}

/** The layer, unpacked where Lambda would. */
export async function layTools(folder: string): Promise<void> {
  const { kubectl, helm } = await kubectlLayer();
  for (const [name, program] of Object.entries({ kubectl, helm })) {
    await mkdir(join(folder, name), { recursive: true });
    await symlink(program, join(folder, name, name));
  }
}
