import { stateStoreContract } from '../../contracts/state-store.ts';
import { withEmulator } from './emulator.ts';

describe('the state store on Dynoxide', () => {
  stateStoreContract(withEmulator('dynoxide').open);
});
