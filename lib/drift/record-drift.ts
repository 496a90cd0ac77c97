// In: the comparison of one application. Out: its record is written with its events where it has changed, a correction is requested where one is due, and
// the events are delivered. An application that an operation has begun to change in the meantime is left to the next scan.
import { mapBounded } from '../async/map-bounded.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { applicationStream, type EventDraft } from '../model/event.ts';
import { idKey } from '../model/kube-object.ts';
import { startOperation } from '../operations/request-operation.ts';
import { isCorrectable } from '../policy/correction.ts';
import { isNews, nextRecord, type Scan, unreachableRecord } from './drift-record.ts';
import type { SeenComparison } from './health/complete.ts';
import { healthNews } from './health/news.ts';
import { driftNews } from './news.ts';
import { requestCorrection } from './requests/request-correction.ts';
import type { DriftPorts } from './scan-ports.ts';
import { isAtRest, type ScanTarget } from './targets.ts';
import { type ComparedVersions, stampOf } from './unchanged-index.ts';

const WRITES_AT_ONCE = 16;

export type Recorded = {
  /** The record now; as it was before, where this scan does not count. */
  readonly record: DriftRecord | undefined;
  /** Undefined where this scan does not count. */
  readonly compared: ComparedVersions | undefined;
  readonly isCorrected: boolean;
};

type Scanned = Scan & { readonly compared: ComparedVersions | undefined };

/** Records a comparison. */
export async function recordDrift(comparison: SeenComparison, scan: Scanned, ports: DriftPorts): Promise<Recorded> {
  const { record, previous } = comparison.target;
  const discarded = { record: previous, compared: undefined, isCorrected: false };
  const next = nextRecord(comparison, scan);
  const compared = comparedIn(comparison, scan);
  if (next.count === 0 && next.correction === undefined && !scan.isAsked && !isNews(next, previous))
    return { record: previous, compared, isCorrected: false };
  if (!(await isStill(record, ports))) return discarded;

  const { correction, request } = await requestCorrection(next, comparison.target, {
    corrected: compared.corrected,
    ports,
  });
  const { correction: _, ...rest } = next;
  const whole: DriftRecord = { ...rest, ...(correction && { correction }) };
  const isWritten = scan.isAsked === true || isNews(whole, previous);
  const events = isWritten ? newsOf(whole, comparison.target, scan) : [];
  const isLate = isWritten && !(await ports.state.putDrift(whole, events));
  if (request?.start) await startOperation({ app: whole.app, seq: request.seq }, ports);
  if (isLate) {
    ports.log.info('another scan recorded drift first', { app: whole.app });
    return discarded;
  }
  if (events.length > 0) await ports.outbox.deliver(applicationStream(whole.app));
  const isCorrected = request !== undefined;
  const corrected = isCorrected ? { corrected: whole.objects.filter(isCorrectable).map(({ id }) => idKey(id)) } : {};
  return { record: isWritten ? whole : previous, compared: { ...compared, ...corrected }, isCorrected };
}

function comparedIn(comparison: SeenComparison, scan: Scanned): ComparedVersions {
  const { corrected } = scan.compared ?? {};
  return {
    stamp: stampOf(comparison.target),
    versions: comparison.versions,
    ...(corrected && { corrected }),
    ...(isLookedAt(comparison, scan) && { looked: true }),
  };
}

/** Whether every object was looked at, now or by an earlier scan of the same application. */
function isLookedAt({ target, health }: SeenComparison, { compared }: Scanned): boolean {
  if (!health.marks) return false;
  return target.whole === undefined || (compared?.looked === true && compared.stamp === stampOf(target));
}

function newsOf(
  next: DriftRecord,
  { record, previous, isHealthOnly }: ScanTarget,
  { at }: Scan,
): readonly EventDraft[] {
  const cluster = record.app.destination.cluster;
  // The versions of an application that was removed and declared again begin at 1 once more.
  const health = { record, at, previous: previous?.health, key: `${next.version} ${next.scan}` };
  return [...(isHealthOnly ? [] : driftNews(next, previous, { at, cluster })), ...healthNews(next.health, health)];
}

/** Whether no operation has begun in between. */
async function isStill(record: ApplicationRecord, ports: DriftPorts): Promise<boolean> {
  const now = await ports.state.application(record.app.name);
  if (now === undefined || now.specHash !== record.specHash || now.desiredSeq !== record.desiredSeq) return false;
  return now.inventory?.generation === record.inventory?.generation && isAtRest(now, ports);
}

/** Records applications as Unknown whose cluster cannot be reached. Known drift stays recorded; nothing is corrected. */
export async function recordUnreachable(
  records: readonly ApplicationRecord[],
  scan: Scan & { readonly reason: string },
  { state }: Pick<DriftPorts, 'state'>,
): Promise<void> {
  const deployed = records.filter(({ lastSync }) => lastSync !== undefined);
  const known = await state.drifts(deployed.map(({ app }) => app.name));
  await mapBounded(deployed, WRITES_AT_ONCE, async (record) => {
    const previous = known.get(record.app.name);
    const next = unreachableRecord(record, previous, scan);
    if (isNews(next, previous)) await state.putDrift(next);
  });
}
