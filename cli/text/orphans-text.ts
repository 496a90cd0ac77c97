// The text form of orphans: a table, then what is to know of each cluster.
import type { OrphansView } from '../../lib/queries/orphans.ts';
import { ago, formatTable } from './table.ts';

const HEADER = ['CLUSTER', 'APPLICATION', 'NAMESPACE', 'KIND', 'NAME'];

const REMEDY =
  'to keep an object, declare an application whose Git holds it, which takes it over; otherwise delete it with kubectl delete';

/** All orphans, how old the answer is, and what to do. */
export function formatOrphans(clusters: readonly OrphansView[], now: number): string {
  const rows = clusters.flatMap(({ cluster, orphans }) =>
    orphans.map(({ app = '-', namespace = '-', group, kind, name }) => [
      cluster,
      app,
      namespace,
      group === '' ? kind : `${kind}.${group}`,
      name,
    ]),
  );
  const table = rows.length === 0 ? [] : [formatTable(HEADER, rows), ''];
  const lines = clusters.map((view) => formatCluster(view, now));
  return [
    ...table,
    ...(lines.length > 0 ? lines : ['no cluster is in use']),
    ...(rows.length > 0 ? [REMEDY] : []),
  ].join('\n');
}

function formatCluster({ cluster, status, reason, scannedAt, count, orphans }: OrphansView, now: number): string {
  const counted = `${count === 0 ? 'no' : count} ${count === 1 ? 'orphan' : 'orphans'}`;
  const cut = count > orphans.length ? `, of which ${orphans.length} are recorded` : '';
  const when = scannedAt === undefined ? '' : `, scanned ${ago(scannedAt, now)} ago`;
  if (status === 'Known') return `${cluster}: ${counted}${cut}${when}`;
  const last = scannedAt === undefined ? '' : `; the last list has ${counted}${cut}${when}`;
  return `${cluster}: unknown: ${reason}${last}`;
}
