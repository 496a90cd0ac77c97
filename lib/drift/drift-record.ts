// In: what a scan has found of an application, and what was known before. Out: what is known now.
import { type Author, type DriftedObject, type DriftRecord, MAX_RECORDED_DRIFT } from '../model/drift.ts';
import { idKey } from '../model/kube-object.ts';
import type { Finding } from './finding.ts';
import type { Found } from './verdict.ts';

/** Who is known to have written to objects, by identity. */
export type Witnesses = ReadonlyMap<string, readonly Author[]>;

/** The scan that looks, when it does, and what else is known of who wrote. */
export type Scan = { readonly scan: string; readonly at: string; readonly witnesses?: Witnesses };

/** Authors of one object that a record names. */
const NAMED_AUTHORS = 5;

/** Reasons that a record names. */
const NAMED_REASONS = 3;

/** What is known of an application after a scan. */
export function nextRecord({ subject, found, extras, standing, unknown }: Finding, scan: Scan): DriftRecord {
  const { at } = scan;
  const { record, previous, isFull } = subject;
  const before = new Map(previous?.objects.map((object) => [idKey(object.id), object]));
  const handling = record.app.drift.mode === 'correct' ? 'correct' : 'report';
  const anew = [...found, ...extras].map(
    (one): DriftedObject => ({ handling, ...one, ...historyOf(one, before.get(idKey(one.id)), scan) }),
  );
  const stood = standing.map((one) => ({
    ...one,
    by: withWitnesses(one.by, scan.witnesses?.get(idKey(one.id)) ?? []),
  }));
  const objects = [...stood, ...anew].toSorted((a, b) => (idKey(a.id) < idKey(b.id) ? -1 : 1));
  const status = unknown.length > 0 ? 'Unknown' : objects.length > 0 ? 'Drifted' : 'InSync';
  const checkedInFullAt = isFull ? at : previous?.checkedInFullAt;
  return {
    app: record.app.name,
    version: (previous?.version ?? 0) + 1,
    status,
    ...(unknown.length > 0 && { reason: reasonsOf(unknown) }),
    since: previous?.status === status ? previous.since : at,
    scannedAt: at,
    scan: scan.scan,
    ...(checkedInFullAt !== undefined && { checkedInFullAt }),
    objects: objects.slice(0, MAX_RECORDED_DRIFT),
    count: objects.length,
    ...(previous?.correction && { correction: previous.correction }),
  };
}

/** What is known of an application whose cluster cannot be reached: what had drifted stays so, nothing else has. */
export function unreachableRecord(
  app: string,
  previous: DriftRecord | undefined,
  { scan, at, reason }: Scan & { readonly reason: string },
): DriftRecord {
  return {
    app,
    objects: [],
    count: 0,
    ...previous,
    version: (previous?.version ?? 0) + 1,
    status: 'Unknown',
    reason,
    since: previous?.status === 'Unknown' ? previous.since : at,
    scannedAt: at,
    scan,
  };
}

/** Whether a record says something that the one before did not. */
export function isNews(next: DriftRecord, previous: DriftRecord | undefined): boolean {
  if (previous === undefined) return next.status !== 'InSync' || next.checkedInFullAt !== undefined;
  const substance = ({ version: _v, scannedAt: _a, scan: _s, ...rest }: DriftRecord): string =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return substance(next) !== substance(previous);
}

function historyOf(
  { id, since, drift, by: found }: Found,
  before: DriftedObject | undefined,
  { scan, at, witnesses }: Scan,
): Pick<DriftedObject, 'since' | 'firstSeen' | 'by'> {
  const same = before?.drift === drift ? before : undefined;
  const seen = [...(witnesses?.get(idKey(id)) ?? []), ...(same?.by ?? []).filter(({ user }) => user !== undefined)];
  const by = withWitnesses(found, seen);
  const latest = by
    .flatMap(({ at: time }) => time ?? [])
    .toSorted()
    .at(-1);
  return { by, since: since ?? latest ?? same?.since ?? at, firstSeen: same?.firstSeen ?? { scan, at } };
}

/** Managers with their users, where the audit log has named these; and users whose manager left no trace, as of an object that is gone. */
function withWitnesses(found: readonly Author[], seen: readonly Author[]): readonly Author[] {
  const named = found.map((author) => ({ ...seen.find(({ manager }) => manager === author.manager), ...author }));
  const others = seen.filter(({ manager }) => !found.some((author) => author.manager === manager));
  const distinct = new Map(others.map((author) => [JSON.stringify([author.user, author.verb, author.at]), author]));
  return [...named, ...distinct.values()].slice(0, NAMED_AUTHORS);
}

function reasonsOf(unknown: readonly string[]): string {
  const named = unknown.slice(0, NAMED_REASONS).join('; ');
  return unknown.length > NAMED_REASONS ? `${named}; and ${unknown.length - NAMED_REASONS} more` : named;
}
