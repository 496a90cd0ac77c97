// In: an operation that has the lease. Out: what it deploys: the head of the application's ref or a stored rendering; or the end of an operation that
// has nothing to deploy, or may not. May throw what the Git server answers for the ref; a stored rendering needs no Git server.
import { primarySource } from '../../model/application.ts';
import type { Trigger } from '../../model/operation.ts';
import { deployerChanged } from '../../operations/deployer-changed.ts';
import { blockedBy } from '../../policy/gates.ts';
import { applicationProblem } from '../../projects/limits.ts';
import { blocked, earlyFinish, nothingToDo, refused } from '../finish/finish.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import type { Resolution, ResolvedSource } from './resolved-source.ts';
import { lastRendering, rollbackRendering } from './stored-rendering.ts';
import { isUnaffected } from './unaffected.ts';

/** Finds out what is to be deployed, and whether it may be. */
export async function resolveStage(run: Run): Promise<StageResult<ResolvedSource>> {
  const resolved = await run.stage<Resolution>('resolve', 'resolve', async () => {
    const [record, { trigger }] = [await run.application(), await run.record.read()];
    const changed = await deployerChanged(run.ports);
    if (changed !== undefined) return { over: refused(changed) };
    if (trigger.kind === 'terminate') return terminated(run, trigger);
    const gate = blockedBy(record, { trigger: trigger.kind, now: run.ports.clock.now() });
    if (gate !== undefined) return { over: blocked(gate) };
    const outside = applicationProblem(record.app, await run.project());
    if (outside !== undefined) return { over: blocked({ code: 'ProjectForbids', message: outside }) };
    if (trigger.kind === 'rollback') return rollbackRendering(run, trigger);
    return trigger.kind === 'drift' ? lastRendering(run) : resolveHead(run, trigger);
  });
  if (resolved.status === 'finished') return resolved;
  const { value } = resolved;
  const { revision, commit } = value;
  if (revision !== undefined) run.record.add({ revision, ...(commit && { commit }) });
  run.seen = value.seen;
  return value.over === undefined ? done(value) : finished(earlyFinish(value.over, value.revision));
}

/** The operation before has ended at a boundary. Its commit counts as tried: only a request, or another commit, deploys again. */
async function terminated(run: Run, { by, toSeq = 0 }: Trigger): Promise<Resolution> {
  const ended = await run.ports.state.operation(run.request.app, toSeq);
  const who = by === undefined ? '' : ` by ${by}`;
  const message = `operation ${toSeq} was terminated${who}; what it had applied stays, and driftless sync deploys again`;
  return {
    over: { status: 'superseded', message },
    ...(ended?.revision !== undefined && { revision: ended.revision }),
  };
}

/** Reads the head of the application's ref from the Git server; the payload of a webhook is not trusted. */
async function resolveHead(run: Run, { kind, keepsHeld }: Trigger): Promise<Resolution> {
  const record = await run.application();
  const revision = await run.head(primarySource(record.app));
  const gate = blockedBy(record, { trigger: kind, keepsHeld, revision, now: run.ports.clock.now() });
  const seen = { revision, at: new Date(run.ports.clock.now()).toISOString() };
  if (gate !== undefined) return { over: blocked(gate), revision, seen };
  const snapshot = await run.snapshot(record, revision);
  const found = { revision, seen, ...(snapshot.commit && { commit: snapshot.commit }) };
  const mayEnd = (kind === 'push' || kind === 'sweep') && (record.waiting ?? []).length === 0;
  const unchanged = mayEnd && isUnaffected(await run.lastSync(), record.specHash, snapshot);
  if (unchanged) return { over: nothingToDo('the commit changes none of the files of the application'), ...found };
  return { ...found, specHash: record.specHash };
}
