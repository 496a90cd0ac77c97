import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock, Log, StateStore } from '../ports.ts';
import { application, applications, applicationsOfRepo, putApplication, removeApplication } from './applications.ts';
import { putInventory, readInventory } from './inventory.ts';
import { acquire, conclude, renew } from './leases.ts';
import type { Store } from './meta.ts';
import { readOperation, readOperations, supersedeOlder, updateOperation } from './operations.ts';
import { RecentMetas } from './recent-metas.ts';
import { requestOperation } from './requests.ts';
import { openStateTable } from './state-table.ts';

type StateStoreOptions = {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Who asks for leases: the same after a restart, another where a second deployer shares the table. Absent where one service runs all operations. */
  readonly worker?: string;
  /** How long ended operations stay in the history; 90 by default. */
  readonly historyDays?: number;
  /** Hears of records that are skipped because they cannot be read. */
  readonly log?: Log;
};

/** The state of all applications in one DynamoDB table; see docs/state.md for its items. */
export function createStateStore(options: StateStoreOptions): StateStore {
  const { client, table, clock, historyDays = 90, log, worker } = options;
  const store: Store = {
    table: openStateTable({ client, tableName: table }),
    recent: new RecentMetas(clock),
    clock,
    historySeconds: historyDays * 24 * 60 * 60,
    ...(log === undefined ? {} : { log }),
    ...(worker === undefined ? {} : { worker }),
  };
  return {
    putApplication: (app, specHash) => putApplication(store, app, specHash),
    removeApplication: (name) => removeApplication(store, name),
    application: (name) => application(store, name),
    applications: () => applications(store),
    applicationsOfRepo: (repo) => applicationsOfRepo(store, repo),
    request: (app, wanted) => requestOperation(store, app, wanted),
    acquire: (app, seq, leaseSeconds) => acquire(store, app, seq, leaseSeconds),
    renew: (lease, leaseSeconds) => renew(store, lease, leaseSeconds),
    conclude: (lease, end) => conclude(store, lease, end),
    updateOperation: (lease, operation) => updateOperation(store, lease, operation),
    operation: (app, seq) => readOperation(store, app, seq),
    operations: (app, limit) => readOperations(store, app, limit),
    supersedeOlder: (lease, outcome) => supersedeOlder(store, lease, outcome),
    inventory: (app) => readInventory(store, app),
    putInventory: (lease, entries, progress) => putInventory(store, { lease, entries, progress }),
  };
}
