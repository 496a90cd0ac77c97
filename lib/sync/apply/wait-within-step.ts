import { pollUntil } from '../../async/poll-until.ts';
import { DriftlessError } from '../../errors.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { LeaseKeeper } from '../operation/lease-keeper.ts';

const POLL_MS = 100;

/** What a write to the cluster needs: the lease is extended before it, and guards it. */
export type WritePorts = {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly lease: Pick<LeaseKeeper, 'need' | 'guard'>;
};

/** Polls until nothing is missing, and keeps the lease alive; throws with what is still missing when the time is over. */
export async function waitWithinStep(
  limitMs: number,
  { clock, lease }: WritePorts,
  findMissing: () => Promise<string | undefined>,
): Promise<void> {
  const pause = async (): Promise<void> => {
    await clock.sleep(POLL_MS);
    await lease.need();
  };
  const isFinal = (missing: string | undefined): boolean => missing === undefined;
  const missing = await pollUntil(findMissing, isFinal, { clock, timeoutMs: limitMs, pause });
  if (missing !== undefined)
    throw new DriftlessError('ApiServerRejected', `${missing} after ${Math.round(limitMs / 1000)} s`);
}
