import { missingFor } from '../../../dev/dynamodb.ts';
import { configStoreContract } from '../../contracts/config-store.ts';
import { stateStoreContract } from '../../contracts/state-store.ts';
import { withEmulator } from './emulator.ts';

const missing = await missingFor('dynamodb-local');

if (missing === undefined) {
  describe('on Amazon’s DynamoDB Local', () => {
    // Java starts slowly: one emulator serves both contracts.
    const { open } = withEmulator('dynamodb-local');
    describe('the state store', () => stateStoreContract(open));
    describe('the configuration in a table', () => configStoreContract(open));
  });
} else {
  test.skip(`Amazon’s DynamoDB Local: skipped, since ${missing}`, () => undefined);
}
