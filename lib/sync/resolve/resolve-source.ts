// In: an operation that has its turn. Out: what it deploys: the head of the application's ref, or a rendering that was deployed before, or that the
// operation is over already. May go wrong: what the Git server says of the ref; a stored rendering needs no Git server.
import type { Trigger } from '../../model/operation.ts';
import { blockedBy } from '../../policy/gates.ts';
import type { Run, StageEnd } from '../operation/run.ts';
import { barredEnd, nothingToDo, type Resolved } from './source.ts';
import { lastRendering, rollbackSource } from './stored-source.ts';
import { concernsNothing } from './unaffected.ts';

/** Finds out what is to be deployed, and whether it may be. */
export async function resolveStage(run: Run): Promise<StageEnd<Resolved>> {
  const resolved = await run.stage<Resolved>('resolve', 'resolve', async () => {
    const [record, { trigger }] = [await run.application(), await run.operation()];
    const gate = blockedBy(record, { trigger: trigger.kind, now: run.ports.clock.now() });
    if (gate !== undefined) return { over: barredEnd(gate) };
    if (trigger.kind === 'rollback') return rollbackSource(run, trigger);
    return trigger.kind === 'drift' ? lastRendering(run) : resolveHead(run, trigger);
  });
  if (!resolved.ended && resolved.revision !== undefined) run.note({ revision: resolved.revision });
  return resolved;
}

/** Asks the Git server for the head of the application's ref. The payload of a webhook is never believed. */
async function resolveHead(run: Run, { kind }: Trigger): Promise<Resolved> {
  const record = await run.application();
  const { repo, ref } = record.app.source;
  const revision = await run.ports.git.resolve(repo, ref);
  const gate = blockedBy(record, { trigger: kind, revision, now: run.ports.clock.now() });
  if (gate !== undefined) return { over: barredEnd(gate), revision };
  const snapshot = await run.ports.git.open(repo, revision);
  const mayEnd = kind === 'push' || kind === 'sweep';
  const unchanged = mayEnd && concernsNothing(await run.lastSync(), record.specHash, snapshot);
  if (unchanged) return { over: nothingToDo('the commit changes nothing that the application is made from'), revision };
  return { revision, specHash: record.specHash };
}
