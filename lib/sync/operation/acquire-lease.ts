import type { Run } from './run.ts';

/** A worker that crashed leaves its lease behind; it is looked for often at first, then less. */
const RETRY_SECONDS = [1, 1, 2, 3, 5];

/** Waits until no other operation of the application runs, takes the lease, and ends operations that were asked for before and never began. */
export async function awaitTurn(run: Run): Promise<'ready' | 'ended'> {
  const result = await run.flow.poll<{ tries: number; status: string }>(
    'lease',
    { tries: 0, status: 'busy' },
    async ({ tries }) => {
      const hold = await run.keeper.take();
      if (hold.status === 'busy') {
        run.log.info('waiting for another operation', { by: hold.by });
        return { state: { tries: tries + 1, status: 'busy' }, nextSeconds: RETRY_SECONDS[tries] ?? 5 };
      }
      if (hold.status === 'held') {
        const message = 'a newer operation was asked for before this one began';
        await run.ports.state.supersedeOlder(hold.lease, { status: 'superseded', message });
      }
      return { state: { tries, status: hold.status } };
    },
  );
  return result.status === 'ended' ? 'ended' : 'ready';
}
