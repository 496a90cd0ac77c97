// Objects that Git no longer has and whose deletion has not ended: the application waits for it, and the sweep looks again, ever more rarely.
import { type ApplicationRecord, DELETION_GATE, type Waiting } from '../model/application-record.ts';

/** At first the sweep looks again after this time; later after as long as the deletion had lasted at the last look. */
const FIRST_PAUSE_MS = 5 * 60_000;

/** What an application waits for after an operation that left deletions under way. */
export function waitingForDeletion({ waiting }: Pick<ApplicationRecord, 'waiting'>, now: number): Waiting {
  return pendingDeletion({ waiting }) ?? { gate: DELETION_GATE, since: new Date(now).toISOString() };
}

/** Since when deletions of an application are under way; undefined where none is. */
export function pendingDeletion({
  waiting,
}: {
  readonly waiting?: readonly Waiting[] | undefined;
}): Waiting | undefined {
  return waiting?.find(({ gate }) => gate === DELETION_GATE);
}

/** Whether it is time to look again at deletions that were under way when the newest operation ended. */
export function isDeletionDue(record: Pick<ApplicationRecord, 'waiting'>, endedAt: string, now: number): boolean {
  const pending = pendingDeletion(record);
  if (pending === undefined) return false;
  const ended = Date.parse(endedAt);
  return now - ended > Math.max(FIRST_PAUSE_MS, ended - Date.parse(pending.since));
}
