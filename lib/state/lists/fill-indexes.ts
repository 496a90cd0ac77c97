// Records of an older version have neither index items nor a summary. In: the table. Out: every record has them, and the table says so; until then readers
// use what the older version wrote, too.
import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import { changeMeta, type Store } from '../application-item.ts';
import { readMetas } from '../applications.ts';
import { readDrifts } from '../drifts.ts';
import { driftKey, keysIndexed, LISTED, nameIn, partitionOf } from '../dynamo/keys.ts';
import { readOperation } from '../operations.ts';
import type { Meta } from '../schema/records.ts';
import { isIndexed, type MetaChange } from './list-items.ts';
import { summaryItems } from './summaries.ts';
import { driftPart, summaryWrites } from './summary.ts';

const AT_ONCE = 16;

/** Writes the index items and the summaries that are missing or outdated. Safe to run at any time, also concurrently. */
export async function fillIndexes(store: Store): Promise<void> {
  const wasIndexed = await store.indexed.read();
  const names = await everyName(store);
  const metas = new Map(await readMetas(store, names));
  const outdated = names.filter((name) => {
    const meta = metas.get(name);
    return meta !== undefined && (meta.app === undefined ? meta.repos !== undefined : !isIndexed(meta));
  });
  await mapBounded(outdated, AT_ONCE, (name) => fill(store, name));
  await fillDrifts(store, wasIndexed ? outdated : names);
  if (!wasIndexed) await store.indexed.write();
}

/** Names of the configured applications, and of those that an older version removed after they had a summary. */
async function everyName({ table }: Store): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const item of table.query(keysIndexed('byListing', LISTED))) names.add(nameIn(item, partitionOf));
  for (const { name } of await summaryItems(table)) names.add(name);
  return [...names];
}

/** An unreadable record is logged and does not stop the others. */
async function fill(store: Store, name: string): Promise<void> {
  try {
    await changeMeta(store, name, async (meta) => ({ result: undefined, set: await newestRequest(store, name, meta) }));
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code !== 'Internal' && error.code !== 'StateTooNew') throw error;
    store.log?.error('skipped an application whose record cannot be indexed', { app: name, error: String(error) });
  }
}

/** What an older version has noted in the newest operation alone: what requested it, and when it ended. */
async function newestRequest(store: Store, name: string, meta: Meta | undefined): Promise<MetaChange> {
  if (meta?.app === undefined || meta.desiredSeq === (meta.requested?.seq ?? 0)) return {};
  const operation = await readOperation(store, name, meta.desiredSeq);
  if (operation === undefined) return {};
  const { seq, trigger, requestedAt, endedAt } = operation;
  const { settled } = meta;
  const lacksEnd = settled?.seq === seq && settled.at === undefined && endedAt !== undefined;
  return {
    requested: { seq, trigger: trigger.kind, at: requestedAt },
    ...(lacksEnd && { settled: { ...settled, at: endedAt } }),
  };
}

async function fillDrifts(store: Store, names: readonly string[]): Promise<void> {
  const drifts = [...(await readDrifts(store, names)).values()];
  await mapBounded(drifts, AT_ONCE, async (drift) => {
    const isUnchanged = {
      Key: { ...driftKey(drift.app) },
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': drift.version },
    };
    // A scan that wrote in between has written the summary, too.
    await store.table.transact([{ ConditionCheck: isUnchanged }, ...summaryWrites(drift.app, driftPart(drift))]);
  });
}
