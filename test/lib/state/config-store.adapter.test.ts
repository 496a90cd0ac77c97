import { missingFor } from '../../../dev/dynamodb.ts';
import { configStoreContract } from '../../contracts/config-store.ts';
import { withEmulator } from './emulator.ts';

describe('the configuration in a table on Dynoxide', () => {
  configStoreContract(withEmulator('dynoxide').open);
});

const missing = await missingFor('dynamodb-local');

if (missing === undefined) {
  describe('the configuration in a table on Amazon’s DynamoDB Local', () => {
    configStoreContract(withEmulator('dynamodb-local').open);
  });
} else {
  test.skip(`the configuration in a table on Amazon’s DynamoDB Local: skipped, since ${missing}`, () => undefined);
}
