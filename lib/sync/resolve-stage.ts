import type { ApplicationRecord } from '../model/application-record.ts';
import type { GitSnapshot } from '../ports.ts';
import { inputsUnchanged } from './fetch-source.ts';
import type { Run, StageEnd } from './run.ts';

/** The commit that is deployed, and whether anything in it concerns the application. */
export type Resolved = { readonly revision: string; readonly specHash: string; readonly unchanged: boolean };

/** Asks the Git server for the head of the application's ref. The payload of a webhook is never believed. */
export async function resolveStage(run: Run): Promise<StageEnd<Resolved>> {
  const resolved = await run.stage('resolve', 'resolve', async (lease) => {
    const [record] = await Promise.all([run.application(), run.recordPhase(lease, 'resolve')]);
    const { repo, ref } = record.app.source;
    const revision = await run.ports.git.resolve(repo, ref);
    const snapshot = await run.ports.git.open(repo, revision);
    const { trigger } = await run.operation();
    const mayEnd = trigger.kind === 'push' || trigger.kind === 'sweep';
    return { revision, specHash: record.specHash, unchanged: mayEnd && concernsNothing(record, snapshot) };
  });
  if (!resolved.ended) await run.note({ revision: resolved.revision });
  return resolved;
}

/** Whether the last deployment was good, and everything that it was made from is the same in this commit. */
function concernsNothing({ lastSync, specHash }: ApplicationRecord, snapshot: GitSnapshot): boolean {
  if (lastSync === undefined || lastSync.specHash !== specHash) return false;
  const good = lastSync.status === 'synced' || lastSync.status === 'unchanged';
  return good && inputsUnchanged(lastSync.inputs, snapshot);
}
