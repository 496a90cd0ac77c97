// In: an operation that needs no Git server: a correction of drift, or a rollback. Out: the rendering that it deploys once more. The head of the
// branch is never taken in its place, since nobody has asked for that.
import type { ApplicationRecord } from '../../model/application-record.ts';
import type { Operation, OutcomeStatus, Trigger } from '../../model/operation.ts';
import { blockedBy } from '../../policy/gates.ts';
import { rollbackTarget, underWayOf } from '../../policy/rollback.ts';
import type { Run } from '../operation/run.ts';
import { barredEnd, nothingToDo, type Resolved } from './source.ts';
import { halfWay } from './unfinished-deployment.ts';

const DEPLOYED: readonly OutcomeStatus[] = ['synced', 'unchanged', 'degraded', 'rolledBack'];

/** What was deployed last; drift is measured by it. */
export async function lastRendering(run: Run): Promise<Resolved> {
  const record = await run.application();
  const { lastSync, specHash } = record;
  if (lastSync === undefined) return { over: nothingToDo('nothing is deployed yet that could have drifted') };
  const { revision, renderedKey, inputs } = lastSync;
  const gate = blockedBy(record, { trigger: 'drift', revision, now: run.ports.clock.now() });
  if (gate !== undefined) return { over: barredEnd(gate), revision };
  return { revision, specHash, repair: 'drift', stored: { renderedKey, inputs } };
}

/** What a rollback goes back to. */
export async function rollbackSource(run: Run, trigger: Trigger): Promise<Resolved> {
  const record = await run.application();
  const underWay = await underWayIn(run, record, trigger);
  if (trigger.toSeq !== undefined) return operationSource(run, trigger.toSeq, underWay ?? record.lastSync?.revision);
  const { undo } = trigger;
  const found = rollbackTarget(record, {
    ...(undo !== undefined && { undo }),
    ...(underWay !== undefined && { underWay }),
  });
  if (found.target === undefined) return stays(record, found.reason);
  const { revision, specHash, renderedKey, inputs } = found.target;
  return { revision, specHash, repair: 'rollback', stored: { renderedKey, inputs }, undone: found.undone };
}

/** An operation of the history, as it was rendered then. Its inputs are not known any more, so the next push is planned in any case. */
async function operationSource(run: Run, seq: number, deployed: string | undefined): Promise<Resolved> {
  const record = await run.application();
  const operation = await run.ports.state.operation(run.request.app, seq);
  if (operation?.revision === undefined || operation.renderedKey === undefined || !isDeployed(operation))
    return stays(record, `operation ${seq} has deployed nothing that could be deployed again`);
  const { revision, renderedKey } = operation;
  return {
    revision,
    specHash: record.specHash,
    repair: 'rollback',
    stored: { renderedKey, inputs: [] },
    ...(deployed !== undefined && { undone: deployed }),
  };
}

/** What was refused, or stopped half-way, was never in the cluster as a whole. */
function isDeployed({ outcome }: Operation): boolean {
  return outcome !== undefined && DEPLOYED.includes(outcome.status);
}

function stays({ lastSync }: ApplicationRecord, reason: string): Resolved {
  return {
    over: nothingToDo(`nothing was rolled back: ${reason}`),
    ...(lastSync && { revision: lastSync.revision }),
  };
}

/**
 * The commit that an operation since the last good one has left in the cluster, at least in part. An alarm names what it takes back, and its
 * application records each deployment; a person who does not means whatever came last.
 */
async function underWayIn(run: Run, record: ApplicationRecord, { undo }: Trigger): Promise<string | undefined> {
  if (undo !== undefined) return underWayOf(record);
  return (await halfWay(run))?.revision ?? underWayOf(record);
}
