// In: an operation that needs no Git server: a correction of drift, or a rollback. Out: the stored rendering that it deploys. The head of the branch
// never replaces it: the trigger did not request that.
import type { ApplicationRecord } from '../../model/application-record.ts';
import type { Trigger } from '../../model/operation.ts';
import { blockedBy } from '../../policy/gates.ts';
import { rollbackTarget, underWayOf, wasDeployed } from '../../policy/rollback.ts';
import { blocked, nothingToDo } from '../finish/finish.ts';
import type { Run } from '../operation/run.ts';
import type { Resolution } from './resolved-source.ts';
import { unfinishedDeployment } from './unfinished-deployment.ts';

/** The rendering of the last deployment, which drift is compared with. */
export async function lastRendering(run: Run): Promise<Resolution> {
  const record = await run.application();
  const { lastSync, specHash } = record;
  if (lastSync === undefined) return { over: nothingToDo('no drift to correct: nothing is deployed yet') };
  const { revision, renderedKey, inputs, commit } = lastSync;
  const gate = blockedBy(record, { trigger: 'drift', revision, now: run.ports.clock.now() });
  if (gate !== undefined) return { over: blocked(gate), revision };
  return { revision, specHash, repair: 'drift', stored: { renderedKey, inputs }, ...(commit && { commit }) };
}

/** The rendering that a rollback deploys: that of a certain operation, or of the last good deployment. */
export async function rollbackRendering(run: Run, trigger: Trigger): Promise<Resolution> {
  const record = await run.application();
  const underWay = await commitUnderWay(run, record, trigger);
  if (trigger.toSeq !== undefined) return renderingOf(run, trigger.toSeq, underWay ?? record.lastSync?.revision);
  const { undo } = trigger;
  const found = rollbackTarget(record, {
    ...(undo !== undefined && { undo }),
    ...(underWay !== undefined && { underWay }),
  });
  if (found.target === undefined) return noRollback(record, found.reason);
  const { revision, specHash, renderedKey, inputs, commit } = found.target;
  const stored = { renderedKey, inputs };
  return { revision, specHash, repair: 'rollback', stored, undone: found.undone, ...(commit && { commit }) };
}

/** The rendering of an operation of the history. Its inputs are not recorded, so the next push is planned in any case. */
async function renderingOf(run: Run, seq: number, deployed: string | undefined): Promise<Resolution> {
  const record = await run.application();
  const operation = await run.ports.state.operation(run.request.app, seq);
  const { revision, renderedKey, outcome, commit } = operation ?? {};
  if (revision === undefined || renderedKey === undefined || outcome === undefined || !wasDeployed(outcome))
    return noRollback(record, `operation ${seq} has no deployment to roll back to`);
  return {
    revision,
    specHash: record.specHash,
    repair: 'rollback',
    stored: { renderedKey, inputs: [] },
    ...(commit && { commit }),
    ...(deployed !== undefined && { undone: deployed }),
  };
}

function noRollback({ lastSync }: ApplicationRecord, reason: string): Resolution {
  return {
    over: nothingToDo(`nothing was rolled back: ${reason}`),
    ...(lastSync && { revision: lastSync.revision }),
  };
}

/**
 * The commit that an operation since the last good one has written to the cluster, at least in part. An alarm names the commit that it undoes, and
 * its application records each deployment; a person who names none means the latest commit.
 */
async function commitUnderWay(run: Run, record: ApplicationRecord, { undo }: Trigger): Promise<string | undefined> {
  if (undo !== undefined) return underWayOf(record);
  return (await unfinishedDeployment(run))?.revision ?? underWayOf(record);
}
