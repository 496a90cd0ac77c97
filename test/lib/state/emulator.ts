import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTable, type DynamoDb, dynamoDbClient, type Emulator, startDynamoDb } from '../../../dev/dynamodb.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import type { Fixture } from '../../contracts/state-store/fixtures.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

type TableFixture = Fixture & {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly log: RecordingLog;
};

/** Starts an emulator for the tests of one file; `open` gives each of them a table of its own. */
export function withEmulator(emulator: Emulator): { open(): Promise<TableFixture> } {
  let db: DynamoDb | undefined;
  let client: DynamoDBDocumentClient;
  beforeAll(async () => {
    db = await startDynamoDb({ emulators: [emulator] });
    client = dynamoDbClient(db.endpoint);
  }, 60_000);
  afterAll(async () => {
    client?.destroy();
    await db?.stop();
  });
  return {
    open: async () => {
      const table = `state-${randomUUID()}`;
      const clock = new ManualClock();
      const log = new RecordingLog();
      await createTable(client, table);
      const other = (worker: string) => createStateStore({ client, table, clock, log, worker });
      return { store: createStateStore({ client, table, clock, log }), clock, client, table, log, other };
    },
  };
}
