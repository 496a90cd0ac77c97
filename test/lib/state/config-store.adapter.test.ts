import { configStoreContract } from '../../contracts/config-store.ts';
import { withEmulator } from './emulator.ts';

describe('the configuration in a table on Dynoxide', () => {
  configStoreContract(withEmulator('dynoxide').open);
});
