import { applicationContract } from './state-store/applications.ts';
import { clusterContract } from './state-store/clusters.ts';
import { driftContract } from './state-store/drift.ts';
import { eventContract } from './state-store/events.ts';
import type { Open } from './state-store/fixtures.ts';
import { historyContract } from './state-store/history.ts';
import { inventoriesContract } from './state-store/inventories.ts';
import { inventoryContract } from './state-store/inventory.ts';
import { leaseContract } from './state-store/leases.ts';
import { listContract } from './state-store/lists.ts';
import { machineRequestContract } from './state-store/machine-requests.ts';
import { moveContract } from './state-store/moves.ts';
import { pauseContract } from './state-store/pauses.ts';
import { raceContract } from './state-store/races.ts';
import { renameContract } from './state-store/renames.ts';
import { requestContract } from './state-store/requests.ts';

/** What every StateStore and DriftStore does, whatever it is made of. */
export function stateStoreContract(open: Open): void {
  applicationContract(open);
  requestContract(open);
  leaseContract(open);
  machineRequestContract(open);
  historyContract(open);
  inventoryContract(open);
  inventoriesContract(open);
  pauseContract(open);
  moveContract(open);
  renameContract(open);
  driftContract(open);
  clusterContract(open);
  listContract(open);
  eventContract(open);
  raceContract(open);
}
