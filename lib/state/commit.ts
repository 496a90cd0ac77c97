import type { StateTable } from './dynamo/dynamo-table.ts';
import type { Write } from './dynamo/transactions.ts';
import type { ListVersion } from './lists/list-version.ts';

type Committer = { readonly table: StateTable; readonly listVersion: ListVersion };

/** What one writer writes together: its own items with their conditions, and the items that others are told by. */
type Transaction = { readonly own: readonly Write[]; readonly lists: readonly Write[] };

/** Writes a record, and in the same transaction everything that follows from it: the one place where that is put together. */
export async function commit(
  { table, listVersion }: Committer,
  { own, lists }: Transaction,
): Promise<'written' | 'raced'> {
  if (lists.length === 0) return table.transact(own);
  const [result] = await Promise.all([table.transact([...own, ...lists]), listVersion.raise()]);
  // Does nothing unless the transaction took longer than a second.
  await listVersion.raise();
  return result;
}
