import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventStore } from '../ports/events.ts';
import type { OwnershipStore } from '../ports/ownership.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ApplicationStore, DriftStore, InventoryStore, OperationStore, StateStore } from '../ports/store.ts';
import type { Store } from './application-item.ts';
import { application, applications, applicationsOfRepo, putApplication, removeApplication } from './applications.ts';
import { StoreCache } from './cache.ts';
import { beginScan, endScan, readCluster, readClusters } from './cluster-scans.ts';
import { putDrift, readDrift, readDrifts } from './drifts.ts';
import { openStateTable } from './dynamo/dynamo-table.ts';
import { closeStream, putCursor, putEvents, readOpenStreams, readUndelivered } from './events/deliveries.ts';
import { putInventory, putLeft, readInventories, readInventory } from './inventory.ts';
import { acquire, conclude, putDeployment, renew } from './leases.ts';
import { fillIndexes } from './lists/fill-indexes.ts';
import { IndexedMark } from './lists/indexed-mark.ts';
import { ListVersion } from './lists/list-version.ts';
import { readSummaries } from './lists/summaries.ts';
import { readNewest, readOperation, readOperations, supersedeOlder, updateOperation } from './operations.ts';
import { DeployerNote } from './ownership/deployer-note.ts';
import { readNeighbours, readOwners } from './ownership/owners.ts';
import { renameApplication } from './ownership/rename.ts';
import { putWants } from './ownership/wants.ts';
import { requestOperation } from './requests.ts';
import { lastSequenceOf } from './sequence.ts';
import { hold, putHead, suspend } from './suspension.ts';

type StateStoreOptions = {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'now'>;
  /** The name that leases carry: the same after a restart, another where a second deployer shares the table. Absent where one service runs all operations. */
  readonly worker?: string;
  /** How long ended operations stay in the history; 90 by default. */
  readonly historyDays?: number;
  /** Receives what is skipped because it cannot be read. */
  readonly log?: Log;
};

/** The state of all applications in one DynamoDB table; see docs/state.md for its items. */
export function createStateStore(options: StateStoreOptions): StateStore {
  const { client, table, clock, historyDays = 90, log, worker } = options;
  const opened = openStateTable({ client, tableName: table });
  const store: Store = {
    table: opened,
    lastSequence: lastSequenceOf(opened),
    cache: new StoreCache(clock),
    indexed: new IndexedMark(opened),
    listVersion: new ListVersion({ table: opened, clock, ...(log === undefined ? {} : { log }) }),
    clock,
    historySeconds: historyDays * 24 * 60 * 60,
    ...(log === undefined ? {} : { log }),
    ...(worker === undefined ? {} : { worker }),
  };
  const note = new DeployerNote(opened);
  return {
    ...applicationStore(store),
    ...operationStore(store),
    ...inventoryStore(store),
    ...driftStore(store),
    ...eventStore(store),
    ...ownershipStore(store, note),
  };
}

function applicationStore(store: Store): ApplicationStore {
  return {
    putApplication: (app, specHash, origin) => putApplication(store, { app, specHash, origin }),
    removeApplication: (name) => removeApplication(store, name),
    application: (name) => application(store, name),
    applications: (names) => applications(store, names),
    applicationsOfRepo: (repo) => applicationsOfRepo(store, repo),
    summaries: () => readSummaries(store),
    listVersion: () => store.listVersion.read(),
    fillIndexes: () => fillIndexes(store),
    suspend: (app, suspension) => suspend(store, app, suspension),
    hold: (app, held) => hold(store, app, held),
    putHead: (app, change) => putHead(store, app, change),
  };
}

function operationStore(store: Store): OperationStore {
  return {
    request: (app, wanted) => requestOperation(store, app, wanted),
    acquire: (app, seq, leaseSeconds) => acquire(store, app, seq, leaseSeconds),
    renew: (lease, leaseSeconds) => renew(store, lease, leaseSeconds),
    conclude: (lease, end) => conclude(store, lease, end),
    putDeployment: (lease, deployment) => putDeployment(store, lease, deployment),
    updateOperation: (lease, operation) => updateOperation(store, lease, operation),
    operation: (app, seq) => readOperation(store, app, seq),
    newestOperations: (records) => readNewest(store, records),
    operations: (app, limit) => readOperations(store, app, limit),
    supersedeOlder: (lease, outcome) => supersedeOlder(store, lease, outcome),
  };
}

function inventoryStore(store: Store): InventoryStore {
  return {
    inventory: (app) => readInventory(store, app),
    inventories: (pointers) => readInventories(store, pointers),
    putInventory: (lease, entries, more = {}) => putInventory(store, { lease, entries, more }),
    putLeft: (lease, left, entries) => putLeft(store, { lease, left, entries }),
  };
}

function ownershipStore(store: Store, note: DeployerNote): OwnershipStore {
  return {
    renameApplication: (from, app, specHash) => renameApplication(store, from, { app, specHash, origin: undefined }),
    owners: (names) => readOwners(store, names),
    neighbours: (place) => readNeighbours(store, place),
    putWants: (lease, wants, progress) => putWants(store, { lease, wants, progress }),
    noteDeployer: (identity, over) => note.note(identity, over),
  };
}

function driftStore(store: Store): DriftStore {
  return {
    drift: (app) => readDrift(store, app),
    drifts: (apps) => readDrifts(store, apps),
    putDrift: (record, events = []) => putDrift(store, record, events),
    cluster: (name) => readCluster(store, name),
    clusters: () => readClusters(store),
    beginScan: (cluster, scan, seconds) => beginScan(store, { cluster, scan, seconds }),
    endScan: (record, events = []) => endScan(store, record, events),
  };
}

function eventStore(store: Store): EventStore {
  return {
    putEvents: (stream, events) => putEvents(store, { stream, events }),
    undelivered: (stream, sink) => readUndelivered(store, stream, sink),
    delivered: (stream, sink, n) => putCursor(store, stream, { sink, n }),
    openStreams: () => readOpenStreams(store),
    closeStream: (stream, n) => closeStream(store, stream, n),
  };
}
