// In: an application's last deployment, and a commit. Out: whether the commit changes nothing for the application.
import type { LastSync } from '../../model/application-record.ts';
import { isGood } from '../../policy/rollback.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import { inputsUnchanged } from '../render/fetch-source.ts';

/** Whether the last deployment was good, and everything that it was made from is the same in this commit. */
export function concernsNothing(lastSync: LastSync | undefined, specHash: string, snapshot: GitSnapshot): boolean {
  if (lastSync === undefined || lastSync.specHash !== specHash) return false;
  return isGood(lastSync) && inputsUnchanged(lastSync.inputs, snapshot);
}
