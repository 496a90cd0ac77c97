// What alarms need to know of a deployment: when its first write was sent, and which alarms were in ALARM before.
import { asDriftlessError, DriftlessError } from '../../errors.ts';
import { operationName } from '../../model/operation.ts';
import type { Run } from '../operation/run.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';

/**
 * The application's alarms that are in ALARM before a deployment. Returns undefined where no alarm watches the deployment: only another commit than
 * the last one can be rolled back. Alarms that cannot be read count as in ALARM, so that nothing is rolled back by mistake.
 */
export async function alarmsBefore(
  run: Run,
  { repair, revision }: ResolvedSource,
): Promise<readonly string[] | undefined> {
  const { app, lastSync } = await run.application();
  const alarms = app.rollback?.alarms ?? [];
  if (repair !== undefined || alarms.length === 0) return undefined;
  if (lastSync === undefined || lastSync.revision === revision) return undefined;
  try {
    return (await run.ports.alarms?.inAlarm(alarms)) ?? [];
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    run.log.warn('could not read alarms, so no alarm rolls back this deployment', { code, reason: message });
    return alarms;
  }
}

/** Records the deployment right before its first write; a step that runs again after a crash keeps the first record. */
export async function recordDeployment(run: Run, before: readonly string[]): Promise<void> {
  const { app, seq } = run.request;
  const { revision } = await run.record.read();
  if (revision === undefined)
    throw new DriftlessError('Internal', `operation ${operationName(run.request)} has no commit`);
  if ((await run.ports.state.application(app))?.deployment?.seq === seq) return;
  const at = new Date(run.ports.clock.now()).toISOString();
  await run.ports.state.putDeployment(await run.lease.need(), { seq, revision, at, alarmsBefore: before });
}
