// In: the applications of a cluster, with their state. Out: those that are scanned, with their inventories and what is known of their drift. An application that
// an operation may be changing is omitted until the next scan; so is one that was never deployed.

import { mapBounded } from '../async/map-bounded.ts';
import type { ApplicationRecord, LastSync } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import type { InventoryEntry, InventoryPointer } from '../model/inventory.ts';
import { idKey } from '../model/kube-object.ts';
import { isFullScanDue } from '../policy/full-scan-schedule.ts';
import type { Judge } from './health/judge.ts';
import type { DriftPorts } from './scan-ports.ts';

const READS_AT_ONCE = 16;

/** An application that is scanned. */
export type ScanTarget = {
  readonly record: ApplicationRecord;
  readonly lastSync: LastSync;
  readonly inventory: readonly InventoryEntry[];
  readonly previous: DriftRecord | undefined;
  /** Whether each of its objects is dry-run, also one that is as it was applied. */
  readonly isFull: boolean;
  /** Whether its drift is not looked for. */
  readonly isHealthOnly: boolean;
  /** How its objects are judged. */
  readonly judge: Judge;
  /** The target with all its objects, where this one has some of them only. */
  readonly whole?: ScanTarget;
};

export type ScanSelection = {
  readonly records: readonly ApplicationRecord[];
  /** When the last scan that read all of them ended; for the full scan once a day. */
  readonly scannedAt: string | undefined;
  readonly judge: Judge;
};

/** The applications that are scanned. */
export async function targetsOf(
  { records, scannedAt, judge }: ScanSelection,
  ports: Pick<DriftPorts, 'state' | 'clock'>,
): Promise<readonly ScanTarget[]> {
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
    const checkedAt = previous?.checkedInFullAt ?? scannedAt;
    const isFull = isFullScanDue(record.app.name, checkedAt, now);
    return [{ record, lastSync, inventory, previous, isFull, isHealthOnly: record.app.drift.mode === 'off', judge }];
  });
}

/** Whether something is deployed, and no operation may be changing it. */
export async function isAtRest(
  { app, lastSync, inventory, lease, desiredSeq }: ApplicationRecord,
  { state, clock }: Pick<DriftPorts, 'state' | 'clock'>,
): Promise<boolean> {
  if (lastSync === undefined || inventory === undefined) return false;
  if (lease !== undefined && Date.parse(lease.expiresAt) > clock.now()) return false;
  if (lastSync.seq === desiredSeq) return true;
  return (await state.operation(app.name, desiredSeq))?.phase === 'done';
}

/** The target with the touched objects only, by identity; never a full scan, even where one is due. */
export function narrowed(whole: ScanTarget, touched: ReadonlySet<string>): ScanTarget {
  return { ...whole, whole, isFull: false, inventory: whole.inventory.filter((entry) => touched.has(idKey(entry))) };
}

function pointerOf({ app, inventory }: ApplicationRecord): readonly InventoryPointer[] {
  return inventory === undefined ? [] : [{ app: app.name, ...inventory }];
}
