import type { Operation } from '../../model/operation.ts';
import type { Run } from '../operation/run.ts';

/** How many operations of the history are searched. */
const HISTORY = 20;

/** The newest operation since the last good deployment that may have written to the cluster and did not end well; undefined where there is none. */
export async function unfinishedDeployment(run: Run): Promise<Operation | undefined> {
  if ((await run.lastSync()) !== undefined) return undefined;
  const { lastSync } = await run.application();
  const history = await run.ports.state.operations(run.request.app, HISTORY);
  const since = lastSync?.seq ?? 0;
  return history.find((one) => one.seq < run.request.seq && one.seq > since && mayHaveWritten(one));
}

/** Corrections and rollbacks restore an earlier rendering. An operation whose plan was refused, or that waited, has written nothing. */
function mayHaveWritten({ trigger, plan, outcome }: Operation): boolean {
  return (
    outcome?.status !== 'waiting' && trigger.kind !== 'drift' && trigger.kind !== 'rollback' && plan?.refused === 0
  );
}
