// In: the event of CloudWatch Logs for a subscription of an EKS audit log. Out: the applications whose objects were written are scanned, and drifted objects
// name their author. The next scan finds what the log misses. May go wrong: PayloadInvalid for an event of another shape.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Witnesses } from '../drift/drift-record.ts';
import { scanTouched } from '../drift/scan-now.ts';
import type { DriftPorts } from '../drift/scan-ports.ts';
import { DriftlessError } from '../errors.ts';
import type { DriftRecord } from '../model/drift.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';
import { type AuditDelivery, type AuditedWrite, parseAuditDelivery } from './audit-log.ts';

const MAX_BYTES = 64 * 1024 * 1024;

export type AuditContext = {
  /** Name of the declared Cluster whose control plane writes to a log group; undefined for any other log group. */
  readonly clusterOf: (logGroup: string) => string | undefined;
};

/** Scans the applications whose objects were written, by the audit log. */
export async function checkAudited(
  event: unknown,
  { clusterOf }: AuditContext,
  ports: DriftPorts,
): Promise<readonly DriftRecord[]> {
  const { logGroup, writes } = await unpack(event);
  const cluster = clusterOf(logGroup);
  if (cluster === undefined || writes.length === 0) return [];
  const witnesses = await witnessesOf(writes, cluster, ports);
  const apps = [...witnesses.keys()];
  if (apps.length > 0) ports.log.info('saw writes to objects of applications', { cluster, apps });
  return scanTouched(witnesses, ports);
}

/** The name of an EKS cluster, of its log group: `/aws/eks/prod-eu/cluster` → prod-eu. */
export function eksNameOf(logGroup: string): string | undefined {
  return /^\/aws\/eks\/([^/]+)\/cluster$/.exec(logGroup)?.[1];
}

async function unpack(event: unknown): Promise<AuditDelivery> {
  const packed = packedOf(event);
  if (packed === undefined)
    throw new DriftlessError('PayloadInvalid', 'audit event: awslogs.data is missing; let CloudWatch Logs deliver it');
  let delivery: unknown;
  try {
    const bytes = await promisify(gunzip)(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_BYTES });
    delivery = JSON.parse(bytes.toString());
  } catch (cause) {
    const message = 'audit event: awslogs.data is not gzipped JSON in base64; let CloudWatch Logs deliver it';
    throw new DriftlessError('PayloadInvalid', message, { cause });
  }
  return parseAuditDelivery(delivery);
}

function packedOf(event: unknown): string | undefined {
  const awslogs = isRecord(event) ? event['awslogs'] : undefined;
  const packed = isRecord(awslogs) ? awslogs['data'] : undefined;
  return typeof packed === 'string' ? packed : undefined;
}

/** The authors of the writes, by application and object. */
async function witnessesOf(
  writes: readonly AuditedWrite[],
  cluster: string,
  ports: DriftPorts,
): Promise<ReadonlyMap<string, Witnesses>> {
  const records = (await ports.state.applications()).filter(({ app }) => app.destination.cluster === cluster);
  const inventories = await ports.state.inventories(
    records.flatMap(({ app, inventory }) => (inventory === undefined ? [] : [{ app: app.name, ...inventory }])),
  );
  const byPlace = Map.groupBy(writes, ({ group, resource }) => `${group}/${resource}`);
  const resources = await resourcesOf([...inventories.values()], await ports.clusters.open(cluster));
  const found = [...inventories].flatMap(([app, entries]) => {
    const authors = entries.flatMap((entry) => {
      const written = (byPlace.get(resources.get(typeOf(entry)) ?? '') ?? []).filter((one) => concerns(one, entry));
      return written.length === 0 ? [] : [[idKey(entry), written.map(({ author }) => author)] as const];
    });
    return authors.length === 0 ? [] : [[app, new Map(authors)] as const];
  });
  return new Map(found);
}

/** The names of the inventories' kinds in URLs: `apps/v1 Deployment` → `apps/deployments`. */
async function resourcesOf(
  inventories: readonly (readonly InventoryEntry[])[],
  cluster: Cluster,
): Promise<ReadonlyMap<string, string>> {
  const types = new Map(inventories.flat().map((entry) => [typeOf(entry), entry]));
  const resources = new Map<string, string>();
  for (const [type, { apiVersion, kind }] of types) {
    // The server of this group is unavailable; the next scan reads its objects.
    const served = await cluster.kind(apiVersion, kind).catch(() => undefined);
    if (served !== undefined) resources.set(type, `${served.group}/${served.plural}`);
  }
  return resources;
}

function concerns({ namespace, name }: AuditedWrite, entry: InventoryEntry): boolean {
  return (name === undefined || name === entry.name) && (namespace === undefined || namespace === entry.namespace);
}

function typeOf({ apiVersion, kind }: InventoryEntry): string {
  return `${apiVersion} ${kind}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
