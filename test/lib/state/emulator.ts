import { randomUUID } from 'node:crypto';
import { createTable, type DynamoDb, dynamoDbClient, type Emulator, startDynamoDb } from '../../../dev/dynamodb.ts';
import { storeOn, type TableFixture } from '../../fakes/memory-state-store.ts';
import { sharedEmulator } from '../../setup/emulator-under-test.ts';

/** The emulator of all tests, or one that is started for the tests of this file; `open` gives each of them a table of its own. */
export function withEmulator(emulator: Emulator): { open(): Promise<TableFixture> } {
  let db: DynamoDb | undefined;
  let client: TableFixture['client'];
  beforeAll(async () => {
    const shared = emulator === 'dynoxide' ? { endpoint: sharedEmulator() } : {};
    db = await startDynamoDb({ emulators: [emulator], ...shared });
    client = dynamoDbClient(db.endpoint);
  }, 60_000);
  afterAll(async () => {
    client?.destroy();
    await db?.stop();
  });
  return {
    open: async () => {
      const table = `state-${randomUUID()}`;
      await createTable(client, table);
      return storeOn({ client, table });
    },
  };
}
