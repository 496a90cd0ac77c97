import { configStoreContract } from '../../contracts/config-store.ts';
import { stateStoreContract } from '../../contracts/state-store.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';

describe('the state store in memory', () => {
  stateStoreContract(openMemoryStore);
});

describe('the configuration in memory', () => {
  configStoreContract(openMemoryStore);
});
