import type { Operation } from '../../model/operation.ts';
import type { Metrics } from '../../ports/runtime.ts';

/** Codes of operations that were kept from deploying on purpose, which is no failure. */
const BARRED = ['SyncModeManual', 'ApplicationSuspended', 'RevisionHeld'];

/** What an operation that has ended adds to the metrics: how long it took since it was asked for, and whether it failed. One that a newer one took over from counts for nothing. */
export function measure({ outcome, requestedAt, endedAt }: Operation): Parameters<Metrics['put']>[0] {
  if (outcome === undefined || outcome.status === 'superseded' || endedAt === undefined) return {};
  const { status, error } = outcome;
  const failed = (status === 'failed' || status === 'refused') && !BARRED.includes(error?.code ?? '');
  return {
    syncSeconds: (Date.parse(endedAt) - Date.parse(requestedAt)) / 1000,
    syncsFailed: failed ? 1 : 0,
    applicationsDegraded: status === 'degraded' ? 1 : 0,
  };
}
