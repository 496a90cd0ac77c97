import type { Operation } from '../../model/operation.ts';
import { isBarred } from '../../policy/failure.ts';
import type { Metrics } from '../../ports/runtime.ts';

/**
 * What an ended operation adds to the metrics: its time since the request, and whether it failed. A superseded operation adds nothing. One that fails for a
 * known reason is no other failure: the alarm goes off once for it, and again for the next one.
 */
export function operationMetrics(
  { outcome, requestedAt, endedAt }: Operation,
  isKnown = false,
): Parameters<Metrics['put']>[0] {
  if (outcome === undefined || outcome.status === 'superseded' || endedAt === undefined) return {};
  const { status } = outcome;
  const failed = (status === 'failed' || status === 'refused') && !isBarred(outcome) && !isKnown;
  return {
    syncSeconds: (Date.parse(endedAt) - Date.parse(requestedAt)) / 1000,
    syncsFailed: failed ? 1 : 0,
    applicationsDegraded: status === 'degraded' ? 1 : 0,
  };
}
