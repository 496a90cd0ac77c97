// The text form of an application's objects: a table, and below it why some are not well.
import type { ObjectView } from '../../../lib/inspect/stored/object-view.ts';
import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { formatRef } from '../../../lib/model/kube-object.ts';
import { ago, formatTable } from '../table.ts';

const DIFFERENCES = {
  modified: 'OutOfSync',
  takenOver: 'OutOfSync',
  missing: 'Missing',
  extra: 'Extra',
  pendingDeletion: 'Deleting',
} as const;

type Look = { readonly app: string; readonly isWide: boolean; readonly now: number };

/** `Deployment/shop/api`, one a line. */
export function formatObjectNames(items: readonly ObjectView[]): string {
  return items.map(formatRef).join('\n');
}

/** The table of all objects, with reasons below. */
export function formatObjects({ app, isWide, now }: Look, { items, scannedAt, unscanned }: ObjectList): string {
  if (items.length === 0) return `${app}: has no objects`;
  const header = ['OBJECT', 'SYNC', 'HEALTH', 'WAVE', 'AGE', 'CHANGED', ...(isWide ? ['API VERSION'] : []), 'GUARDS'];
  const rows = items.map((item) => {
    const { apiVersion, health, wave, createdAt, guards } = item;
    return [
      formatRef(item),
      syncWord(item),
      health.status,
      wave === undefined ? '-' : String(wave),
      createdAt === undefined ? '-' : ago(createdAt, now),
      changeWord(item, now),
      ...(isWide ? [apiVersion] : []),
      [...guards, ...(isWide && item.keys ? [`keys:${item.keys.join('+')}`] : [])].join(',') || '-',
    ];
  });
  const seen = scannedAt === undefined ? '' : `, scanned ${ago(scannedAt, now)} ago`;
  const head = `${app}: ${items.length} ${items.length === 1 ? 'object' : 'objects'}${seen}${unscanned === undefined ? '' : `; ${unscanned}`}`;
  const reasons = items.flatMap((item) => reasonsOf(item, now));
  return [head, '', formatTable(header, rows), ...(reasons.length === 0 ? [] : ['', ...reasons])].join('\n');
}

function syncWord({ sync: { status, difference } }: ObjectView): string {
  return difference === undefined ? status : DIFFERENCES[difference];
}

function changeWord({ changed }: ObjectView, now: number): string {
  return changed === undefined ? '-' : `${changed.seq} ${changed.action} ${ago(changed.at, now)} ago`;
}

/** Why an object is not well, a line for each reason. */
function reasonsOf(item: ObjectView, now: number): readonly string[] {
  const { sync, health } = item;
  const since = (at: string | undefined): string => (at === undefined ? '' : ` since ${ago(at, now)}`);
  const why =
    sync.reason ??
    (sync.fields === undefined ? '' : sync.fields === 1 ? '1 field differs' : `${sync.fields} fields differ`);
  const isWell = ['Healthy', 'Missing'].includes(health.status);
  return [
    ...(sync.status === 'Synced'
      ? []
      : [`${formatRef(item)}: ${syncWord(item)}${since(sync.since)}${why && `, ${why}`}`]),
    ...(isWell
      ? []
      : [`${formatRef(item)}: ${health.status}${since(health.since)}${health.message && `, ${health.message}`}`]),
  ];
}
