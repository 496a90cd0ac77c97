// Runs once before all adapter tests: one DynamoDB emulator for all of them.
import { type DynamoDb, startDynamoDb } from '../../dev/dynamodb.ts';
import { shareEmulator } from './emulator-under-test.ts';

declare global {
  var emulatorUnderTest: DynamoDb | undefined;
}

export default async function setUp(): Promise<void> {
  globalThis.emulatorUnderTest = await startDynamoDb({ emulators: ['dynoxide'] });
  shareEmulator(globalThis.emulatorUnderTest.endpoint);
}
