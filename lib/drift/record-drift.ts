// In: what a scan has found of one application. Out: it is recorded where it is news, a correction is asked for where one is due, and people are told. What an
// operation has begun to change in the meantime is left for the next scan.
import type { ApplicationRecord, OperationRequest } from '../model/application-record.ts';
import type { CorrectionState, DriftRecord } from '../model/drift.ts';
import { idKey } from '../model/kube-object.ts';
import { prepareOperation, startOperation } from '../operations/request-operation.ts';
import { correctionRequested, decideCorrection, isCorrectable, isExhausted, isGivenUp } from '../policy/correction.ts';
import { blockedBy } from '../policy/gates.ts';
import { isNews, nextRecord, type Scan } from './drift-record.ts';
import type { Finding } from './finding.ts';
import { driftNews } from './news.ts';
import { tell } from './notify.ts';
import type { DriftPorts } from './scan-ports.ts';
import { isAtRest } from './targets.ts';
import { type SeenApp, stampOf } from './unchanged-index.ts';

/** How many operations back a person's own is looked for. */
const LOOK_BACK = 20;

export type Recorded = {
  /** What is known now; as it was before, where this scan does not count. */
  readonly record: DriftRecord | undefined;
  /** Undefined where this scan does not count. */
  readonly seen: SeenApp | undefined;
  readonly isCorrected: boolean;
};

/** Records a finding. */
export async function recordDrift(
  finding: Finding,
  scan: Scan & { readonly seen: SeenApp | undefined },
  ports: DriftPorts,
): Promise<Recorded> {
  const { subject, versions } = finding;
  const { record, previous } = subject;
  const next = nextRecord(finding, scan);
  const seen = { stamp: stampOf(record), versions, ...(scan.seen?.corrected && { corrected: scan.seen.corrected }) };
  if (next.count === 0 && next.correction === undefined && !isNews(next, previous))
    return { record: previous, seen, isCorrected: false };
  if (!(await isStill(record, ports))) return { record: previous, seen: undefined, isCorrected: false };

  const { correction, request } = await correct(next, finding, { seen, ports });
  const { correction: _, ...rest } = next;
  const whole: DriftRecord = { ...rest, ...(correction && { correction }) };
  const isRecorded = !isNews(whole, previous) || (await ports.state.putDrift(whole));
  if (!isRecorded) ports.log.info('left drift to another scan, which was faster', { app: whole.app });
  if (request?.start) await startOperation({ app: whole.app, seq: request.seq }, ports);
  if (!isRecorded) return { record: previous, seen: undefined, isCorrected: false };
  await tell(driftNews(whole, previous, { at: scan.at, cluster: record.app.destination.cluster }), ports);
  const corrected =
    request === undefined ? {} : { corrected: whole.objects.filter(isCorrectable).map(({ id }) => idKey(id)) };
  return {
    record: isNews(whole, previous) ? whole : previous,
    seen: { ...seen, ...corrected },
    isCorrected: request !== undefined,
  };
}

/** Whether no operation has come in between. */
async function isStill(record: ApplicationRecord, ports: DriftPorts): Promise<boolean> {
  const now = await ports.state.application(record.app.name);
  if (now === undefined || now.specHash !== record.specHash || now.desiredSeq !== record.desiredSeq) return false;
  return now.inventory?.generation === record.inventory?.generation && isAtRest(now, ports);
}

type Correcting = { readonly seen: SeenApp; readonly ports: DriftPorts };

/** Asks for a correction where one is due; it is not started before the record says what is to be corrected. */
async function correct(
  next: DriftRecord,
  { subject: { record, lastSync } }: Finding,
  { seen, ports }: Correcting,
): Promise<{ correction?: CorrectionState | undefined; request?: OperationRequest }> {
  const { state, clock, log } = ports;
  const now = clock.now();
  const decision = decideCorrection({
    objects: next.objects,
    before: next.correction,
    corrected: seen.corrected,
    failure: await failureOf(next, state),
    isReset: await isReset(next, record, state),
    isUnblocked: blockedBy(record, { trigger: 'drift', revision: lastSync.revision, now }) === undefined,
    now,
  });
  if (decision.action === 'none') return { correction: decision.state };
  const request = await prepareOperation(record, { trigger: { kind: 'drift', by: next.scan } }, ports);
  if (request.status === 'blocked') return { correction: next.correction };
  // Another operation is on its way, and does the work.
  const { seq, alreadyAsked } = request;
  if (alreadyAsked) return { correction: next.correction, ...(request.start && { request }) };
  log.info('asked for the correction of drift', {
    app: next.app,
    seq,
    objects: next.count,
    attempt: decision.attempts,
  });
  return { correction: correctionRequested(decision.attempts, seq, now), request };
}

/** What the newest correction said, unless it did what it was asked for; only the last one decides how they end. */
async function failureOf({ app, correction }: DriftRecord, state: DriftPorts['state']): Promise<string | undefined> {
  if (correction === undefined || !isExhausted(correction) || isGivenUp(correction)) return undefined;
  const outcome = (await state.operation(app, correction.seq))?.outcome;
  return outcome?.status === 'failed' || outcome?.status === 'refused' ? outcome.message : undefined;
}

/** Whether a person has asked for an operation since the last correction. */
async function isReset(
  { app, correction }: DriftRecord,
  { desiredSeq }: ApplicationRecord,
  state: DriftPorts['state'],
): Promise<boolean> {
  if (correction === undefined || desiredSeq <= correction.seq) return false;
  const operations = await state.operations(app, LOOK_BACK);
  return operations.some(({ seq, trigger }) => seq > correction.seq && trigger.kind === 'manual');
}
