// Parts of several functions: a log of JSON lines, the state table, the secrets. Credentials and region come from the environment that Lambda sets.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createAwsSecrets } from '../../lib/aws/secrets.ts';
import { knownRepositories } from '../../lib/model/configuration-record.ts';
import type { Log, Secrets } from '../../lib/ports/runtime.ts';
import type { ConfigStore, StateStore } from '../../lib/ports/store.ts';
import { createLog, jsonLogLine } from '../../lib/runtime/log.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createConfigStore } from '../../lib/state/configuration.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** The version of Driftless. */
export const VERSION: string = packageJson.version;

/** One JSON document a line, whose fields CloudWatch Logs can query. */
export const log: Log = createLog((line) => {
  process.stdout.write(`${jsonLogLine(line, new Date())}\n`);
});

type Stores = { readonly state: StateStore; readonly config: ConfigStore };

/** Opens the stores in the state table. */
export function openTable({ table }: { readonly table: string }): Stores {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions()));
  return {
    state: createStateStore({ client, table, clock: systemClock, log }),
    config: createConfigStore({ client, table, clock: systemClock }),
  };
}

type SecretSettings = {
  readonly configRepo: string;
  readonly configSecret?: string;
  readonly gitSecretPrefix: string;
  readonly webhookSecret?: string;
};

/** Opens Secrets Manager, for the repositories of the configuration and for the configuration's own repository. */
export function openSecrets(settings: SecretSettings, config: ConfigStore): Secrets {
  const { configRepo: repo, configSecret: secret, gitSecretPrefix, webhookSecret } = settings;
  const configuration = { repo, ...(secret !== undefined && { secret }) };
  return createAwsSecrets({
    client: new SecretsManagerClient(clientOptions()),
    gitSecretPrefix,
    ...(webhookSecret !== undefined && { webhookSecretId: webhookSecret }),
    repositories: async () => knownRepositories((await config.current())?.config.repositories ?? [], configuration),
    clock: systemClock,
  });
}
