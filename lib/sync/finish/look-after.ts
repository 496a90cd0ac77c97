// In: how an operation has ended. Out: nothing at once; one that ended unhealthy is looked after for some minutes, in which its application is scanned again and again, until
// it is well or a newer operation is requested. The scheduled scans go on from there. An operation is over before, whatever becomes of this.
import { asDriftlessError } from '../../errors.ts';
import { isWell } from '../../model/observed-health.ts';
import type { Outcome } from '../../model/operation.ts';
import type { Flow } from '../../ports/workflow.ts';
import type { SyncPorts, SyncRequest } from '../operation/run.ts';

/** Before each look, in seconds. */
const PAUSES = [15, 30, 60, 120, 240];

type Looks = { readonly looks: number };

/** Looks after an application whose operation ended unhealthy. */
export async function lookAfter(
  request: SyncRequest,
  { health }: Outcome,
  { flow, ports }: { readonly flow: Flow; readonly ports: SyncPorts },
): Promise<void> {
  if (ports.look === undefined || health === undefined || isWell(health.status)) return;
  try {
    await flow.poll<Looks>('look-after', { looks: 0 }, async ({ looks }) => {
      const nextSeconds = PAUSES[looks];
      const isOver = looks > 0 && (await isSettled(request, ports));
      return { state: { looks: looks + 1 }, ...(!isOver && nextSeconds !== undefined && { nextSeconds }) };
    });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not look after application', { app: request.app, code, reason: message });
  }
}

/** Looks once, unless a newer operation does. */
async function isSettled({ app, seq }: SyncRequest, { state, look }: SyncPorts): Promise<boolean> {
  const record = await state.application(app);
  if (record === undefined || record.desiredSeq !== seq) return true;
  await look?.(app);
  const observed = (await state.drift(app))?.health;
  return observed !== undefined && isWell(observed.status);
}
