// In: applications with their state, and a commit. Out: those that it changes nothing for, so that nobody has to run an operation to find that out.
import type { ApplicationRecord, LastSync } from '../../model/application-record.ts';
import { isGood } from '../../policy/rollback.ts';
import type { Git, GitSnapshot } from '../../ports/git.ts';
import { inputsUnchanged } from '../render/fetch-source.ts';

/** Whether the last deployment was good, and everything that it was made from is the same in this commit. */
export function concernsNothing(lastSync: LastSync | undefined, specHash: string, snapshot: GitSnapshot): boolean {
  if (lastSync === undefined || lastSync.specHash !== specHash) return false;
  return isGood(lastSync) && inputsUnchanged(lastSync.inputs, snapshot);
}

/** Whether an application's newest operation deployed well, and this commit changes nothing for it. */
export function isUntouchedBy(snapshot: GitSnapshot, { lastSync, desiredSeq, specHash }: ApplicationRecord): boolean {
  return lastSync?.seq === desiredSeq && concernsNothing(lastSync, specHash, snapshot);
}

/** Names of the applications that the head of their ref leaves untouched. */
export async function untouchedByHead(records: readonly ApplicationRecord[], git: Git): Promise<ReadonlySet<string>> {
  const resting = records.filter(({ lastSync, desiredSeq }) => lastSync?.seq === desiredSeq);
  const sources = Map.groupBy(resting, ({ app: { source } }) => `${source.ref} ${source.repo}`);
  const found = await Promise.all(
    [...sources.values()].map(async (users) => {
      const [first] = users;
      if (first === undefined) return [];
      const { repo, ref } = first.app.source;
      const snapshot = await git.open(repo, await git.resolve(repo, ref));
      return users.filter((user) => isUntouchedBy(snapshot, user));
    }),
  );
  return new Set(found.flat().map(({ app }) => app.name));
}
