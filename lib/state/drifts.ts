// In: what a scan found out about an application. Out: its DRIFT item, one writer after the other. What may go wrong: another scan wrote in between,
// which is a value.
import type { DriftRecord } from '../model/drift.ts';
import { applicationStream, type EventDraft } from '../model/event.ts';
import type { Store } from './application-item.ts';
import { commit } from './commit.ts';
import { fittingDrift } from './dynamo/item-size.ts';
import { driftKey, nameIn, partitionOf } from './dynamo/keys.ts';
import { currentVersion, upgraded } from './dynamo/migrations.ts';
import { driftPart, healthPart, summaryWrites } from './lists/summary.ts';
import { driftRecord } from './schema/drift.ts';
import { parsed } from './schema/records.ts';

type Item = Readonly<Record<string, unknown>>;

/** What the scans know about an application; undefined before the first that said something, and after its removal. */
export async function readDrift({ table }: Store, app: string): Promise<DriftRecord | undefined> {
  const item = await table.get(driftKey(app));
  return item === undefined ? undefined : parseDrift(app, item);
}

/** The same of many applications; a record that cannot be read is left out. */
export async function readDrifts(
  { table, log }: Store,
  apps: readonly string[],
): Promise<ReadonlyMap<string, DriftRecord>> {
  const found = new Map<string, DriftRecord>();
  for (const item of await table.getAll([...new Set(apps)].map(driftKey))) {
    const app = nameIn(item, partitionOf);
    try {
      found.set(app, parseDrift(app, item));
    } catch (error) {
      log?.error('skipped the drift of an application whose record cannot be read', { app, error: String(error) });
    }
  }
  return found;
}

/** Writes what a scan found and the events of it, on condition that the version before is still the stored one. */
export async function putDrift(store: Store, record: DriftRecord, events: readonly EventDraft[]): Promise<boolean> {
  const { app, version } = record;
  const content = { schemaVersion: currentVersion('drift'), version, record: JSON.stringify(fittingDrift(record)) };
  const condition =
    version === 1
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': version - 1 },
        };
  const own = [{ Put: { Item: { ...driftKey(app), ...content }, ...condition } }];
  const lists = summaryWrites(app, { ...driftPart(record), ...healthPart(record.health) });
  return (await commit(store, { own, lists, stream: applicationStream(app), events })) === 'written';
}

function parseDrift(app: string, item: Item): DriftRecord {
  const subject = `Application/${app}: its drift`;
  return parsed(driftRecord, upgraded('drift', item, subject)['record'], subject);
}
