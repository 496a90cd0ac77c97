// In: a change of an alarm's state, and an application with its state. Out: whether the deployment is rolled back, the drift is scanned, or nothing is done.

import type { AlarmChange } from '../model/alarm-change.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { isInForce } from './gates.ts';
import { isHeld, rollbackTarget, underWayOf } from './rollback.ts';

/** The response to an alarm for one application, and the reason. */
export type AlarmResponse =
  | { readonly action: 'rollback'; readonly app: string; readonly undo: string; readonly to: string }
  | { readonly action: 'check' | 'ignore'; readonly app: string; readonly reason: string };

/** Decides the response for one application; returns undefined where the application does not name the alarm. */
export function respondToAlarm(change: AlarmChange, record: ApplicationRecord, now: number): AlarmResponse | undefined {
  const { name: app, rollback } = record.app;
  if (!rollback?.alarms.includes(change.name)) return undefined;
  const { deployment } = record;
  if (change.state !== 'ALARM') return { action: 'ignore', app, reason: `it is ${change.state}` };
  if (change.previous === 'ALARM') return { action: 'ignore', app, reason: 'it was already in ALARM' };
  if (change.suppressedBy !== undefined)
    return { action: 'ignore', app, reason: `its actions are suppressed by ${change.suppressedBy}` };
  if (deployment === undefined) return { action: 'check', app, reason: 'no deployment is in its bake time' };

  const ageMs = Date.parse(change.at) - Date.parse(deployment.at);
  if (ageMs < 0) return { action: 'ignore', app, reason: `it is older than the deployment of ${deployment.at}` };
  if (ageMs > rollback.bakeTimeSeconds * 1000)
    return { action: 'check', app, reason: 'the bake time of the last deployment had ended' };
  if (isHeld(record.held, deployment.revision))
    return { action: 'ignore', app, reason: `commit ${deployment.revision.slice(0, 7)} is already rolled back` };
  if (deployment.alarmsBefore.includes(change.name))
    return { action: 'ignore', app, reason: 'it was in ALARM before the deployment' };
  return rollBack(record, deployment.revision, now);
}

/** The deployment is in its bake time, and the alarm is new; a rollback needs an earlier good deployment. */
function rollBack(record: ApplicationRecord, undo: string, now: number): AlarmResponse {
  const { name: app } = record.app;
  const { suspended } = record;
  if (suspended !== undefined && isInForce(suspended, now)) return { action: 'check', app, reason: 'it is suspended' };
  const underWay = underWayOf(record);
  const found = rollbackTarget(record, { undo, ...(underWay !== undefined && { underWay }) });
  if (found.target === undefined) return { action: 'check', app, reason: found.reason };
  return { action: 'rollback', app, undo, to: found.target.revision };
}
