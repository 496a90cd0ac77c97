// In: the last deployment of an application, and a commit. Out: whether the commit changes nothing for the application.
import type { LastSync } from '../../model/application-record.ts';
import { isGood } from '../../policy/rollback.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import { inputsUnchanged } from '../render/fetch-source.ts';

/** Whether the last deployment was good, and this commit has the same inputs. */
export function isUnaffected(lastSync: LastSync | undefined, specHash: string, snapshot: GitSnapshot): boolean {
  if (lastSync === undefined || lastSync.specHash !== specHash) return false;
  return isGood(lastSync) && inputsUnchanged(lastSync.inputs, snapshot);
}
