// In: the comparison of one application. Out: its record is written with its events where it has changed, a correction is requested where one is due, and
// the events are delivered. An application that an operation has begun to change in the meantime is left to the next scan.
import { mapBounded } from '../async/map-bounded.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { applicationStream } from '../model/event.ts';
import { idKey } from '../model/kube-object.ts';
import { startOperation } from '../operations/request-operation.ts';
import { isCorrectable } from '../policy/correction.ts';
import type { Comparison } from './classify.ts';
import { isNews, nextRecord, type Scan, unreachableRecord } from './drift-record.ts';
import { driftNews } from './news.ts';
import { requestCorrection } from './request-correction.ts';
import type { DriftPorts } from './scan-ports.ts';
import { isAtRest } from './targets.ts';
import { type ComparedVersions, stampOf } from './unchanged-index.ts';

const WRITES_AT_ONCE = 16;

export type Recorded = {
  /** The record now; as it was before, where this scan does not count. */
  readonly record: DriftRecord | undefined;
  /** Undefined where this scan does not count. */
  readonly compared: ComparedVersions | undefined;
  readonly isCorrected: boolean;
};

/** Records a comparison. */
export async function recordDrift(
  comparison: Comparison,
  scan: Scan & { readonly compared: ComparedVersions | undefined },
  ports: DriftPorts,
): Promise<Recorded> {
  const { record, previous } = comparison.target;
  const discarded = { record: previous, compared: undefined, isCorrected: false };
  const next = nextRecord(comparison, scan);
  const last = scan.compared?.corrected;
  const compared = { stamp: stampOf(record), versions: comparison.versions, ...(last && { corrected: last }) };
  if (next.count === 0 && next.correction === undefined && !isNews(next, previous))
    return { record: previous, compared, isCorrected: false };
  if (!(await isStill(record, ports))) return discarded;

  const { correction, request } = await requestCorrection(next, comparison.target, { corrected: last, ports });
  const { correction: _, ...rest } = next;
  const whole: DriftRecord = { ...rest, ...(correction && { correction }) };
  const isWritten = isNews(whole, previous);
  const events = driftNews(whole, previous, { at: scan.at, cluster: record.app.destination.cluster });
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
  const deployed = records.filter(({ app, lastSync }) => lastSync !== undefined && app.drift.mode !== 'off');
  const names = deployed.map(({ app }) => app.name);
  const known = await state.drifts(names);
  await mapBounded(names, WRITES_AT_ONCE, async (app) => {
    const previous = known.get(app);
    const next = unreachableRecord(app, previous, scan);
    // The reason may differ in every attempt; it is written once.
    const isRecorded = previous?.status === 'Unknown' && previous.reason !== undefined;
    if (!isRecorded && isNews(next, previous)) await state.putDrift(next);
  });
}
