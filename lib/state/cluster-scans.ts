// In: a scan that begins or has ended. Out: one item for each cluster, with what the last scan found and who has the right to scan it. What may
// go wrong: another scan has that right, which is a value.
import type { ClusterRecord } from '../model/drift.ts';
import type { Store } from './application-item.ts';
import { fittingCluster } from './dynamo/item-size.ts';
import { clusterKey, clusterPartition, keysIndexed, LISTED_CLUSTER, nameIn } from './dynamo/keys.ts';
import { currentVersion, upgraded } from './dynamo/migrations.ts';
import { expiry } from './lease-rules.ts';
import { clusterRecord } from './schema/drift.ts';
import { parsed } from './schema/records.ts';

type Item = Readonly<Record<string, unknown>>;

/** What the scans know about a cluster; undefined before the first one has ended. */
export async function readCluster({ table }: Store, cluster: string): Promise<ClusterRecord | undefined> {
  const item = await table.get(clusterKey(cluster));
  return item === undefined ? undefined : parseCluster(cluster, item);
}

/** Every cluster that was scanned to the end, by name; a record that cannot be read is left out. */
export async function readClusters({ table, log }: Store): Promise<readonly ClusterRecord[]> {
  const keys = [];
  for await (const item of table.query(keysIndexed('byListing', LISTED_CLUSTER)))
    keys.push(clusterKey(nameIn(item, clusterPartition)));
  const records = [];
  for (const item of await table.getAll(keys)) {
    const cluster = nameIn(item, clusterPartition);
    try {
      records.push(parseCluster(cluster, item));
    } catch (error) {
      log?.error('skipped a cluster whose record cannot be read', { cluster, error: String(error) });
    }
  }
  return records.filter((record) => record !== undefined).toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

/** The scan that has the right, and the time until which no other scan may take it. */
const RIGHT = { '#by': 'scanning', '#until': 'scanningUntil' } as const;

type ScanRight = { readonly cluster: string; readonly scan: string; readonly seconds: number };

/** Takes the right to scan a cluster, unless another scan has it and its time is not over; a scan that has it already gets more time. */
export async function beginScan({ table, clock }: Store, { cluster, scan, seconds }: ScanRight): Promise<boolean> {
  const now = clock.now();
  const update = {
    Key: { ...clusterKey(cluster) },
    UpdateExpression:
      'SET #listing = :listing, #schema = if_not_exists(#schema, :schema), #by = :scan, #until = :until',
    ConditionExpression:
      '(attribute_not_exists(#schema) OR #schema <= :schema) AND (attribute_not_exists(#by) OR #until <= :now OR #by = :scan)',
    ExpressionAttributeNames: { '#listing': 'listing', '#schema': 'schemaVersion', ...RIGHT },
    ExpressionAttributeValues: {
      ':listing': LISTED_CLUSTER,
      ':schema': currentVersion('cluster'),
      ':until': expiry(now, seconds),
      ':now': expiry(now, 0),
      ':scan': scan,
    },
  };
  if ((await table.transact([{ Update: update }])) === 'written') return true;
  await refuseNewer(table, cluster);
  return false;
}

/** Writes what a scan found and gives its right back, in one write; a scan that has lost the right to another changes nothing. */
export async function endScan({ table, log }: Store, record: ClusterRecord): Promise<void> {
  const { cluster, scan } = record;
  const fitting = fittingCluster(record);
  const left = record.orphans.length - fitting.orphans.length;
  if (left > 0) log?.warn('left orphans out of the record of a cluster, which would be too large', { cluster, left });
  const update = {
    Key: { ...clusterKey(cluster) },
    UpdateExpression: 'SET #record = :record, #schema = :schema REMOVE #by, #until',
    ConditionExpression: '#by = :scan',
    ExpressionAttributeNames: { '#record': 'record', '#schema': 'schemaVersion', ...RIGHT },
    ExpressionAttributeValues: {
      ':record': JSON.stringify(fitting),
      ':schema': currentVersion('cluster'),
      ':scan': scan,
    },
  };
  await table.transact([{ Update: update }]);
}

/** Another scan is expected; a record of a newer version of the program is not. */
async function refuseNewer(table: Store['table'], cluster: string): Promise<void> {
  const item = await table.get(clusterKey(cluster));
  if (item !== undefined) upgraded('cluster', item, subjectOf(cluster));
}

function subjectOf(cluster: string): string {
  return `Cluster/${cluster}: its record`;
}

function parseCluster(cluster: string, item: Item): ClusterRecord | undefined {
  const subject = subjectOf(cluster);
  const { record } = upgraded('cluster', item, subject);
  return record === undefined ? undefined : parsed(clusterRecord, record, subject);
}
