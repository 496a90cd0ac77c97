// In: the summaries of all applications. Out: what lists show, by name, in a few requests however many applications there are.
import type { ApplicationSummary } from '../../model/application-summary.ts';
import type { Store } from '../application-item.ts';
import { readListed } from '../applications.ts';
import { readDrifts } from '../drifts.ts';
import type { StateTable } from '../dynamo/dynamo-table.ts';
import { applicationOf, applicationsIn, SUMMARY_PARTITIONS } from '../dynamo/keys.ts';
import { driftPart, healthPart, parseSummary, specPart, statePart, summaryOf } from './summary.ts';

type Item = Readonly<Record<string, unknown>>;

/** All applications; until every one of them has a summary, they are read from the records themselves. */
export async function readSummaries(store: Store): Promise<readonly ApplicationSummary[]> {
  const [isIndexed, items] = await Promise.all([store.indexed.read(), summaryItems(store.table)]);
  const summaries = isIndexed ? items.flatMap(({ item }) => readable(store, item) ?? []) : await fromRecords(store);
  return summaries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The items as they are stored, with the names of their applications. */
export async function summaryItems(
  table: StateTable,
): Promise<readonly { readonly name: string; readonly item: Item }[]> {
  const shards = SUMMARY_PARTITIONS.map(async (partition) => {
    const found = [];
    for await (const item of table.query(applicationsIn(partition))) found.push({ name: applicationOf(item), item });
    return found;
  });
  return (await Promise.all(shards)).flat();
}

function readable({ log }: Store, item: Item): ApplicationSummary | undefined {
  try {
    return parseSummary(item);
  } catch (error) {
    log?.error('skipped an application whose summary cannot be read', {
      app: applicationOf(item),
      error: String(error),
    });
    return undefined;
  }
}

async function fromRecords(store: Store): Promise<readonly ApplicationSummary[]> {
  const listed = await readListed(store);
  const drifts = await readDrifts(
    store,
    listed.map(({ name }) => name),
  );
  return listed.map(({ name, meta, record }) => {
    const drift = drifts.get(name);
    const parts = {
      ...specPart(record.app),
      ...statePart(meta),
      ...(drift && driftPart(drift)),
      ...healthPart(drift?.health, meta),
    };
    return summaryOf(name, parts);
  });
}
