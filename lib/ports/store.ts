// What is recorded, by aggregate: one DynamoDB table, and blobs for what is too big for it. A lost race is a value.
import type { Application } from '../model/application.ts';
import type {
  Acquisition,
  ApplicationRecord,
  Deployment,
  End,
  HeldRevision,
  InventoryWrite,
  Lease,
  LeftInventory,
  OperationRequest,
  Origin,
  Suspension,
  WantedOperation,
} from '../model/application-record.ts';
import type { ApplicationSummary } from '../model/application-summary.ts';
import type { ConfigReport, StoredConfiguration } from '../model/configuration-record.ts';
import type { ClusterRecord, DriftRecord } from '../model/drift.ts';
import type { EventDraft } from '../model/event.ts';
import type { HeadChange } from '../model/head.ts';
import type { InventoryEntry, InventoryPointer } from '../model/inventory.ts';
import type { Operation, Outcome } from '../model/operation.ts';
import type { EventStore } from './events.ts';
import type { OwnershipStore, PutResult } from './ownership.ts';

export interface Blobs {
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
}

export interface ApplicationStore {
  /** Creates an application, or gives it a new specification; returns whether anything changed. */
  putApplication(app: Application, specHash: string, origin?: Origin): Promise<PutResult>;
  /** Forgets an application's specification, so that nothing deploys it; its history and inventory stay. */
  removeApplication(name: string): Promise<void>;
  application(name: string): Promise<ApplicationRecord | undefined>;
  /** All applications, or those of these names. */
  applications(names?: readonly string[]): Promise<readonly ApplicationRecord[]>;
  applicationsOfRepo(repo: string): Promise<readonly ApplicationRecord[]>;
  /** What lists show of all applications, by name, in a few requests however many there are. */
  summaries(): Promise<readonly ApplicationSummary[]>;
  /** Two equal answers say that no summary has changed in between. */
  listVersion(): Promise<string>;
  /** Gives records that another version wrote their index items and summaries; safe to run at any time. */
  fillIndexes(): Promise<void>;
  /** Stops automatic deployments and corrections; undefined resumes them. */
  suspend(app: string, suspension: Suspension | undefined): Promise<void>;
  /** Writes what is known of the newest commit and the events of it, in place of what was read; returns whether that was still so. */
  putHead(app: string, change: HeadChange): Promise<boolean>;
  /** Replaces the list of commits that only a person's request deploys. */
  hold(app: string, held: readonly HeldRevision[]): Promise<void>;
}

export interface OperationStore {
  /** Records a requested operation, atomically; a revision that is already requested and in flight, or live, is not requested twice. */
  request(app: string, wanted: WantedOperation): Promise<OperationRequest>;
  acquire(app: string, seq: number, leaseSeconds: number): Promise<Acquisition>;
  /** Extends a lease; returns the newest requested operation. Throws LeaseLost where a higher fence exists. */
  renew(lease: Lease, leaseSeconds: number): Promise<{ readonly lease: Lease; readonly desiredSeq: number }>;
  /** Records the end of an operation and releases the lease, in one write; names the newer operation that waits, if any. */
  conclude(lease: Lease, end: End): Promise<{ readonly successor?: number }>;
  /** Records the start of a deployment that alarms watch over, before its first write. */
  putDeployment(lease: Lease, deployment: Deployment): Promise<void>;
  updateOperation(lease: Lease, operation: Operation): Promise<void>;
  operation(app: string, seq: number): Promise<Operation | undefined>;
  /** The newest operation of each application, in as few requests as possible. */
  newestOperations(records: readonly ApplicationRecord[]): Promise<ReadonlyMap<string, Operation>>;
  /** Newest first. */
  operations(app: string, limit: number): Promise<readonly Operation[]>;
  /** Ends operations before `seq` that never got the lease. */
  supersedeOlder(lease: Lease, outcome: Outcome): Promise<void>;
}

export interface InventoryStore {
  inventory(app: string): Promise<readonly InventoryEntry[]>;
  /** Inventories of many applications, in as few requests as possible; one whose pointer is outdated is omitted. */
  inventories(pointers: readonly InventoryPointer[]): Promise<ReadonlyMap<string, readonly InventoryEntry[]>>;
  /** Replaces the inventory as a whole; readers see the old one or the new one, never a mixture. */
  putInventory(lease: Lease, entries: readonly InventoryEntry[], more?: InventoryWrite): Promise<void>;
  /** Replaces what is left in a cluster that was the destination before; does nothing where that is not left any more. */
  putLeft(lease: Lease, left: LeftInventory, entries: readonly InventoryEntry[]): Promise<void>;
}

export interface DriftStore {
  drift(app: string): Promise<DriftRecord | undefined>;
  /** Drift records of many applications; applications without a record are omitted. */
  drifts(apps: readonly string[]): Promise<ReadonlyMap<string, DriftRecord>>;
  /** Writes the record and the events of it, on condition that the stored version is `record.version - 1`; returns whether it was. */
  putDrift(record: DriftRecord, events?: readonly EventDraft[]): Promise<boolean>;
  cluster(name: string): Promise<ClusterRecord | undefined>;
  clusters(): Promise<readonly ClusterRecord[]>;
  /** One scan of a cluster at a time: takes the right to scan it for so long; false where another scan has it. */
  beginScan(cluster: string, scan: string, seconds: number): Promise<boolean>;
  /** Writes what the scan found, and the events of it, and releases the right; does nothing where another scan has taken it since. */
  endScan(record: ClusterRecord, events?: readonly EventDraft[]): Promise<void>;
}

/** The whole state table of a deployer but its configuration. */
export interface StateStore
  extends ApplicationStore,
    OperationStore,
    InventoryStore,
    DriftStore,
    EventStore,
    OwnershipStore {}

export interface ConfigStore {
  /** The configuration that is followed now, as a whole; undefined before the first. Where its documents cannot be read, `hash` is not that of `config`. */
  current(): Promise<StoredConfiguration | undefined>;
  /** Writes one in place of the version `over` (undefined: of none); returns it with its version, or undefined where another writer was first. */
  replace(
    next: Omit<StoredConfiguration, 'version'>,
    over: StoredConfiguration | undefined,
  ): Promise<StoredConfiguration | undefined>;
  /** Writes everything but `config` and its `hash`, on the condition that the stored version is still `next.version`. */
  mark(next: StoredConfiguration): Promise<StoredConfiguration | undefined>;
  report(): Promise<ConfigReport | undefined>;
  putReport(report: ConfigReport): Promise<void>;
}
