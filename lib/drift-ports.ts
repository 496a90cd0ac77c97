// What the scan for drift and the alarms need of the outside world beyond lib/ports.ts. Adapters implement these.
import type { HeldRevision, Suspension } from './model/application-record.ts';
import type { ClusterRecord, DriftRecord } from './model/drift.ts';
import type { InventoryEntry } from './model/inventory.ts';
import type { Notification } from './model/notification.ts';

/** An application's inventory, as the record names it: the generation changes with each write. */
export type InventoryPointer = { readonly app: string; readonly generation: number; readonly chunks: number };

export interface DriftStore {
  /** Stops what is deployed and corrected by itself; undefined lets it go on. */
  suspend(app: string, suspension: Suspension | undefined): Promise<void>;
  /** Replaces the list of commits that only a person's request deploys. */
  hold(app: string, held: readonly HeldRevision[]): Promise<void>;

  drift(app: string): Promise<DriftRecord | undefined>;
  /** Of many applications at once; those without a record are left out. */
  drifts(apps: readonly string[]): Promise<ReadonlyMap<string, DriftRecord>>;
  /** Writes on condition that the stored version is `record.version - 1`; tells whether it was. */
  putDrift(record: DriftRecord): Promise<boolean>;
  /** Of many applications at once, in as few requests as there can be; one whose pointer is not right any more is left out. */
  inventories(pointers: readonly InventoryPointer[]): Promise<ReadonlyMap<string, readonly InventoryEntry[]>>;

  cluster(name: string): Promise<ClusterRecord | undefined>;
  clusters(): Promise<readonly ClusterRecord[]>;
  /** One scan of a cluster at a time: takes the right to scan it for so long; false where another scan has it. */
  beginScan(cluster: string, scan: string, seconds: number): Promise<boolean>;
  /** Writes what the scan found and gives the right back; does nothing where another scan has taken it since. */
  endScan(record: ClusterRecord): Promise<void>;
}

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}

/** Aggregates over all applications; never one metric for each, since each costs. Units stand in the names. */
export type MetricName =
  | 'applicationsDrifted'
  | 'objectsDrifted'
  | 'scanAgeSeconds'
  | 'scanSeconds'
  | 'clustersUnreachable'
  | 'applicationsDegraded'
  | 'syncsFailed'
  | 'syncSeconds'
  | 'webhookSignatureFailures';

export interface Metrics {
  put(values: Readonly<Partial<Record<MetricName, number>>>): void;
}

export interface Alarms {
  /** Those of the named alarms that are in ALARM now. */
  inAlarm(names: readonly string[]): Promise<readonly string[]>;
}
