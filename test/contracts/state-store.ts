import { applicationContract } from './state-store/applications.ts';
import type { Open } from './state-store/fixtures.ts';
import { historyContract } from './state-store/history.ts';
import { inventoryContract } from './state-store/inventory.ts';
import { leaseContract } from './state-store/leases.ts';
import { raceContract } from './state-store/races.ts';
import { requestContract } from './state-store/requests.ts';

/** What every StateStore does, whatever it is made of. */
export function stateStoreContract(open: Open): void {
  applicationContract(open);
  requestContract(open);
  leaseContract(open);
  historyContract(open);
  inventoryContract(open);
  raceContract(open);
}
