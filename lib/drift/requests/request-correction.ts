// In: the drift of an application. Out: a correction is requested where one is due; the caller starts it once the record says what is to be corrected.
import type { ApplicationRecord, OperationRequest } from '../../model/application-record.ts';
import type { CorrectionState, DriftRecord } from '../../model/drift.ts';
import { prepareOperation } from '../../operations/request-operation.ts';
import { correctionRequested, decideCorrection, isExhausted, isGivenUp } from '../../policy/correction.ts';
import { blockedBy } from '../../policy/gates.ts';
import type { DriftPorts } from '../scan-ports.ts';
import type { ScanTarget } from '../targets.ts';

/** How many operations back a manual one is searched for. */
const LOOK_BACK = 20;

type LastCorrection = {
  /** Objects of the last correction; undefined where that is not known. */
  readonly corrected: readonly string[] | undefined;
  readonly ports: DriftPorts;
};

export type CorrectionRequest = {
  readonly correction?: CorrectionState | undefined;
  /** The requested operation; absent where none was requested. */
  readonly request?: OperationRequest;
};

/** Requests a correction where one is due. */
export async function requestCorrection(
  next: DriftRecord,
  { record, lastSync }: ScanTarget,
  { corrected, ports }: LastCorrection,
): Promise<CorrectionRequest> {
  const { state, clock, log } = ports;
  const { app, scan, objects, count, correction } = next;
  const now = clock.now();
  const decision = decideCorrection({
    objects,
    before: correction,
    corrected,
    failure: await failureOf(next, state),
    isReset: await isReset(next, record, state),
    isUnblocked: blockedBy(record, { trigger: 'drift', revision: lastSync.revision, now }) === undefined,
    now,
  });
  if (decision.action === 'none') return { correction: decision.state };
  const request = await prepareOperation(record, { trigger: { kind: 'drift', by: scan } }, ports);
  if (request.status === 'blocked') return { correction };
  // Another operation is on its way, and corrects the drift.
  if (request.alreadyAsked) return { correction, ...(request.start && { request }) };
  log.info('requested the correction of drift', { app, seq: request.seq, objects: count, attempt: decision.attempts });
  return { correction: correctionRequested(decision.attempts, request.seq, now), request };
}

/** The message of the newest correction where it failed; only the last attempt decides how corrections end. */
async function failureOf({ app, correction }: DriftRecord, state: DriftPorts['state']): Promise<string | undefined> {
  if (correction === undefined || !isExhausted(correction) || isGivenUp(correction)) return undefined;
  const outcome = (await state.operation(app, correction.seq))?.outcome;
  return outcome?.status === 'failed' || outcome?.status === 'refused' ? outcome.message : undefined;
}

/** Whether an operation was requested manually since the last correction. */
async function isReset(
  { app, correction }: DriftRecord,
  { desiredSeq }: ApplicationRecord,
  state: DriftPorts['state'],
): Promise<boolean> {
  if (correction === undefined || desiredSeq <= correction.seq) return false;
  const operations = await state.operations(app, LOOK_BACK);
  return operations.some(({ seq, trigger }) => seq > correction.seq && trigger.kind === 'manual');
}
