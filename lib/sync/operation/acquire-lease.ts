import type { Run } from './run.ts';
import { done, finished, type StageResult } from './stage-result.ts';

/** A crashed worker leaves its lease behind, which expires: retries are frequent at first, then rarer. */
const RETRY_SECONDS = [1, 1, 2, 3, 5];

const ABANDONED = 'the operation has already ended, or a newer operation was requested before it started';

/** Waits until no other operation of the application runs, takes the lease, and ends older operations that never started. */
export async function acquireLease(run: Run): Promise<StageResult<undefined>> {
  const result = await run.flow.poll<{ tries: number; status: string }>(
    'lease',
    { tries: 0, status: 'busy' },
    async ({ tries }) => {
      const attempt = await run.lease.take();
      if (attempt.status === 'busy') {
        run.log.info('waiting for another operation', { by: attempt.by });
        return { state: { tries: tries + 1, status: 'busy' }, nextSeconds: RETRY_SECONDS[tries] ?? 5 };
      }
      if (attempt.status === 'held') {
        const message = 'a newer operation was requested before this one started';
        await run.ports.state.supersedeOlder(attempt.lease, { status: 'superseded', message });
      }
      return { state: { tries, status: attempt.status } };
    },
  );
  return result.status === 'ended' ? finished({ abandoned: ABANDONED }) : done(undefined);
}
