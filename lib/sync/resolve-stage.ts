import type { Run, StageEnd } from './run.ts';
import { concernsNothing } from './untouched.ts';

/** The commit that is deployed, and whether anything in it concerns the application. */
export type Resolved = { readonly revision: string; readonly specHash: string; readonly unchanged: boolean };

/** Asks the Git server for the head of the application's ref. The payload of a webhook is never believed. */
export async function resolveStage(run: Run): Promise<StageEnd<Resolved>> {
  const resolved = await run.stage('resolve', 'resolve', async () => {
    const record = await run.application();
    const { repo, ref } = record.app.source;
    const [{ trigger }, revision] = await Promise.all([run.operation(), run.ports.git.resolve(repo, ref)]);
    const snapshot = await run.ports.git.open(repo, revision);
    const mayEnd = trigger.kind === 'push' || trigger.kind === 'sweep';
    return {
      revision,
      specHash: record.specHash,
      unchanged: mayEnd && concernsNothing(await run.lastSync(), record.specHash, snapshot),
    };
  });
  if (!resolved.ended) run.note({ revision: resolved.revision });
  return resolved;
}
