import type { StateStore } from '../../lib/ports/store.ts';

/** A state store of these calls alone; any other call fails with its name. */
export function stateStoreOf(calls: Partial<StateStore>): StateStore {
  return new Proxy(calls, {
    get: (known, name) =>
      Reflect.get(known, name) ?? (() => Promise.reject(new Error(`state.${String(name)} is not expected`))),
  }) as StateStore;
}
