import { missingFor } from '../../../dev/dynamodb.ts';
import { stateStoreContract } from '../../contracts/state-store.ts';
import { withEmulator } from './emulator.ts';

const missing = await missingFor('dynamodb-local');

if (missing === undefined) {
  describe('the state store on Amazon’s DynamoDB Local', () => {
    stateStoreContract(withEmulator('dynamodb-local').open);
  });
} else {
  test.skip(`the state store on Amazon’s DynamoDB Local: skipped, since ${missing}`, () => undefined);
}
