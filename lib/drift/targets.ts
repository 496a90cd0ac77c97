// In: the applications of a cluster, with their state. Out: those that are looked at, with their inventories and what was known of their drift. What is in flux
// is left out, and looked at the next time; so is what is not to be looked at, and what was never deployed.

import { mapBounded } from '../async/map-bounded.ts';
import type { ApplicationRecord, LastSync } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { isFullScanDue } from '../policy/full-scan-schedule.ts';
import type { InventoryPointer } from '../ports/store.ts';
import type { DriftPorts } from './scan-ports.ts';

const READS_AT_ONCE = 16;

/** An application that is looked at. */
export type Subject = {
  readonly record: ApplicationRecord;
  readonly lastSync: LastSync;
  readonly inventory: readonly InventoryEntry[];
  readonly previous: DriftRecord | undefined;
  /** Whether each of its objects is dry-run, also one that has not moved. */
  readonly isFull: boolean;
};

export type Selection = {
  readonly records: readonly ApplicationRecord[];
  /** When the last scan that saw all of them ended; for the check in full once a day. */
  readonly seenAt: string | undefined;
};

/** The applications that are looked at. */
export async function subjectsOf(
  { records, seenAt }: Selection,
  ports: Pick<DriftPorts, 'state' | 'clock'>,
): Promise<readonly Subject[]> {
  const resting = await mapBounded(records, READS_AT_ONCE, async (record) =>
    (await isAtRest(record, ports)) ? [record] : [],
  );
  const chosen = resting.flat();
  const [inventories, known] = await Promise.all([
    ports.state.inventories(chosen.flatMap(pointerOf)),
    ports.state.drifts(chosen.map(({ app }) => app.name)),
  ]);
  const now = ports.clock.now();
  return chosen.flatMap((record) => {
    const [inventory, { lastSync }] = [inventories.get(record.app.name), record];
    if (inventory === undefined || lastSync === undefined) return [];
    const previous = known.get(record.app.name);
    const checkedAt = previous?.checkedInFullAt ?? seenAt;
    return [{ record, lastSync, inventory, previous, isFull: isFullScanDue(record.app.name, checkedAt, now) }];
  });
}

/** Whether something is deployed, is to be looked at, and no operation may be changing it. */
export async function isAtRest(
  { app, lastSync, inventory, lease, desiredSeq }: ApplicationRecord,
  { state, clock }: Pick<DriftPorts, 'state' | 'clock'>,
): Promise<boolean> {
  if (app.drift.mode === 'off' || lastSync === undefined || inventory === undefined) return false;
  if (lease !== undefined && Date.parse(lease.expiresAt) > clock.now()) return false;
  if (lastSync.seq === desiredSeq) return true;
  return (await state.operation(app.name, desiredSeq))?.phase === 'done';
}

function pointerOf({ app, inventory }: ApplicationRecord): readonly InventoryPointer[] {
  return inventory === undefined ? [] : [{ app: app.name, ...inventory }];
}
