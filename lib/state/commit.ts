import { DriftlessError } from '../errors.ts';
import type { Clock } from '../ports/runtime.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import type { StateTable } from './dynamo/dynamo-table.ts';
import type { Write } from './dynamo/transactions.ts';
import { eventWrites, readHead, type StreamEvents } from './events/streams.ts';
import type { ListVersion } from './lists/list-version.ts';

type Committer = {
  readonly table: StateTable;
  readonly listVersion: ListVersion;
  readonly clock: Pick<Clock, 'now'>;
};

/** What one writer writes together: its own items with their conditions, the items that others are told by, and the events that follow. */
type Transaction = StreamEvents & { readonly own: readonly Write[]; readonly lists: readonly Write[] };

/** Writes a record, and in the same transaction everything that follows from it: the one place where that is put together. */
export async function commit(
  committer: Committer,
  { own, lists, ...events }: Transaction,
): Promise<'written' | 'raced'> {
  if (lists.length === 0) return transact(committer, own, events);
  const { listVersion } = committer;
  const [result] = await Promise.all([transact(committer, [...own, ...lists], events), listVersion.raise()]);
  // Does nothing unless the transaction took longer than a second.
  await listVersion.raise();
  return result;
}

/** Without events this is one transaction. With some, another writer of the stream may be first: then the next place is read again. */
async function transact(
  { table, clock }: Committer,
  writes: readonly Write[],
  events: StreamEvents,
): Promise<'written' | 'raced'> {
  if (events.events.length === 0) return table.transact(writes);
  let head = await readHead(table, events.stream);
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const all = [...writes, ...eventWrites(head, events, clock.now())];
    if (all.length === 0 || (await table.transact(all)) === 'written') return 'written';
    const next = await readHead(table, events.stream);
    // The stream is as it was read, so the condition of the writer's own record did not hold.
    if (next.n === head.n) return 'raced';
    head = next;
    await backOff(attempt);
  }
  throw new DriftlessError('StateUnavailable', `event stream ${events.stream}: ${RACES} races were lost; try again`);
}
