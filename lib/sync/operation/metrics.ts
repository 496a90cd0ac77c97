import type { Operation } from '../../model/operation.ts';
import type { Metrics } from '../../ports/runtime.ts';

/** Codes of operations that a gate refused on purpose, which is no failure. */
const BARRED = ['SyncModeManual', 'ApplicationSuspended', 'RevisionHeld'];

/** What an ended operation adds to the metrics: its time since the request, and whether it failed. A superseded operation adds nothing. */
export function operationMetrics({ outcome, requestedAt, endedAt }: Operation): Parameters<Metrics['put']>[0] {
  if (outcome === undefined || outcome.status === 'superseded' || endedAt === undefined) return {};
  const { status, error } = outcome;
  const failed = (status === 'failed' || status === 'refused') && !BARRED.includes(error?.code ?? '');
  return {
    syncSeconds: (Date.parse(endedAt) - Date.parse(requestedAt)) / 1000,
    syncsFailed: failed ? 1 : 0,
    applicationsDegraded: status === 'degraded' ? 1 : 0,
  };
}
