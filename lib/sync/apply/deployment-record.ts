// What alarms need to know of a deployment: when its first write was sent, and which of them were in ALARM before.
import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { Run } from '../operation/run.ts';
import type { Source } from '../resolve/source.ts';

/**
 * Those of the application's alarms that are in ALARM before a deployment; undefined where no alarm watches over it: another commit than the last
 * one that has something to go back to. Where nobody can tell, all of them count as in ALARM, so that nothing is rolled back by mistake.
 */
export async function alarmsBefore(run: Run, { repair, revision }: Source): Promise<readonly string[] | undefined> {
  const { app, lastSync } = await run.application();
  const alarms = app.rollback?.alarms ?? [];
  if (repair !== undefined || alarms.length === 0) return undefined;
  if (lastSync === undefined || lastSync.revision === revision) return undefined;
  try {
    return (await run.ports.alarms?.inAlarm(alarms)) ?? [];
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    run.log.warn('could not read alarms, this deployment is not rolled back by them', { code, reason: message });
    return alarms;
  }
}

/** Records the deployment right before its first write; a step that runs again after a crash keeps what was recorded then. */
export async function recordDeployment(run: Run, before: readonly string[]): Promise<void> {
  const { app, seq } = run.request;
  const { revision } = await run.operation();
  if (revision === undefined) throw new DriftlessError('Internal', `operation ${app}-${seq} deploys no commit`);
  if ((await run.ports.state.application(app))?.deployment?.seq === seq) return;
  const at = new Date(run.ports.clock.now()).toISOString();
  await run.ports.state.putDeployment(await run.keeper.need(), { seq, revision, at, alarmsBefore: before });
}
