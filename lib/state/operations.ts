import type { ApplicationRecord, FormerName, Lease } from '../model/application-record.ts';
import { type Operation, type Outcome, operationName } from '../model/operation.ts';
import { changeMetaFenced, readMeta, type Store, writeFenced } from './application-item.ts';
import { leaseLost } from './dynamo/errors.ts';
import { type Key, operationKey } from './dynamo/keys.ts';
import { endedOperationPut, operationPut } from './dynamo/writes.ts';
import { parseOperation } from './schema/records.ts';

/** Operations that one transaction ends; DynamoDB allows 100 items of 4 MB in all. */
const SUPERSEDED_AT_ONCE = 8;

/** One operation of the history; undefined when it never was or its time in the history is over. */
export async function readOperation(store: Store, app: string, seq: number): Promise<Operation | undefined> {
  for (const { name, upToSeq, afterSeq = 0 } of (await namesOf(store, app)).toReversed()) {
    const found = seq > afterSeq && seq <= upToSeq ? await readOwn(store, name, seq) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readOwn({ table }: Store, app: string, seq: number): Promise<Operation | undefined> {
  const item = await table.get(operationKey(app, seq));
  return item === undefined ? undefined : parseOperation(`operation ${operationName({ app, seq })}`, item);
}

/** The newest operation of each application; one that cannot be read is left out. */
export async function readNewest(
  { table, log }: Store,
  records: readonly ApplicationRecord[],
): Promise<ReadonlyMap<string, Operation>> {
  const requested = records.filter(({ desiredSeq }) => desiredSeq > 0);
  const apps = new Map(requested.map((record) => [idOfKey(newestKey(record)), record.app.name]));
  const found = new Map<string, Operation>();
  for (const item of await table.getAll(requested.map(newestKey))) {
    const app = apps.get(idOfKey({ pk: String(item['pk']), sk: String(item['sk']) })) ?? '';
    try {
      found.set(app, parseOperation(`operation ${app} ${item['sk']}`, item));
    } catch (error) {
      log?.error('skipped an operation whose record cannot be read', { app, error: String(error) });
    }
  }
  return found;
}

/** Before the first operation of its present name, the newest one is recorded under the former. */
function newestKey({ app, desiredSeq, formerly = [] }: ApplicationRecord): Key {
  const former = formerly.findLast(({ upToSeq }) => desiredSeq <= upToSeq);
  return operationKey(former?.name ?? app.name, desiredSeq);
}

function idOfKey({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}

/** The names that an application had, and the one that it has; what is known of its record for certain holds them, since a name gets them when it is made. */
async function namesOf(store: Store, app: string): Promise<readonly FormerName[]> {
  const { formerly = [], historyFrom: afterSeq = 0 } = store.cache.meta(app) ?? (await readMeta(store, app)) ?? {};
  return [...formerly, { name: app, upToSeq: LAST, afterSeq }];
}

/** The history, newest first; what cannot be read is left out. */
export async function readOperations(store: Store, app: string, limit: number): Promise<readonly Operation[]> {
  const operations: Operation[] = [];
  for (const { name, upToSeq, afterSeq = 0 } of (await namesOf(store, app)).toReversed()) {
    if (operations.length < limit)
      operations.push(...(await newestOf(store, name, { from: afterSeq + 1, to: upToSeq, limit })));
  }
  return operations.toSorted((a, b) => b.seq - a.seq).slice(0, Math.max(0, limit));
}

async function newestOf(
  store: Store,
  app: string,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<Operation[]> {
  const operations: Operation[] = [];
  if (limit <= 0) return operations;
  for await (const operation of between(store, app, { from, to, newestFirst: true, pageSize: limit })) {
    operations.push(operation);
    if (operations.length >= limit) break;
  }
  return operations;
}

/** Records how far an operation has come. */
export async function updateOperation(store: Store, lease: Lease, operation: Operation): Promise<void> {
  await writeFenced(store, lease, [operationPut(operation)]);
}

/** Ends every older operation that is still open: none of them can get the lease, or write, any more. */
export async function supersedeOlder(store: Store, lease: Lease, outcome: Outcome): Promise<void> {
  // `openFrom` only grows, so an outdated META says so truly, too.
  if ((store.cache.meta(lease.app)?.openFrom ?? 0) >= lease.seq) return;
  const meta = await readMeta(store, lease.app);
  if (meta?.lease?.fence !== lease.fence) throw leaseLost(lease);
  if (meta.openFrom >= lease.seq) return;
  const open = await openOperations(store, lease.app, { from: meta.openFrom, to: lease.seq - 1 });
  while (open.length > 0) {
    const batch = open.splice(0, SUPERSEDED_AT_ONCE);
    await writeFenced(
      store,
      lease,
      batch.map((operation) => supersededPut(store, operation, outcome)),
    );
  }
  await changeMetaFenced(store, lease, () => ({ result: undefined, set: { openFrom: lease.seq } }));
}

/** Those operations of a range that have not ended. */
export async function openOperations(
  store: Store,
  app: string,
  range: { readonly from: number; readonly to: number },
): Promise<Operation[]> {
  const open: Operation[] = [];
  for await (const operation of between(store, app, range)) {
    if (operation.phase !== 'done') open.push(operation);
  }
  return open;
}

/** The write that ends an operation which never came to its own end. */
export function supersededPut(store: Store, operation: Operation, outcome: Outcome) {
  const endedAt = new Date(store.clock.now()).toISOString();
  return endedOperationPut({ ...operation, outcome, endedAt }, forgetAt(store));
}

/** When an operation that ends now leaves the history, in seconds since 1970. */
export function forgetAt({ clock, historySeconds }: Store): number {
  return Math.ceil(clock.now() / 1000) + historySeconds;
}

const LAST = 9_999_999_999;

type Range = {
  readonly from: number;
  readonly to: number;
  readonly newestFirst?: boolean;
  readonly pageSize?: number;
};

async function* between(
  { table, log }: Store,
  app: string,
  { from, to, newestFirst = false, pageSize }: Range,
): AsyncGenerator<Operation> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': operationKey(app, from).pk,
      ':from': operationKey(app, from).sk,
      ':to': operationKey(app, to).sk,
    },
    ConsistentRead: true,
    ScanIndexForward: !newestFirst,
    ...(pageSize === undefined ? {} : { Limit: pageSize }),
  };
  for await (const item of table.query(query)) {
    try {
      yield parseOperation(`operation ${app} ${item['sk']}`, item);
    } catch (error) {
      log?.error('skipped an operation whose record cannot be read', { app, error: String(error) });
    }
  }
}
