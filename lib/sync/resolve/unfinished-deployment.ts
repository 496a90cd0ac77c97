import type { Operation } from '../../model/operation.ts';
import type { Run } from '../operation/run.ts';

/** Operations since the last good deployment that are looked through. */
const LOOK_BACK = 20;

/** The newest operation since the last good deployment that may have written to the cluster, and did not come to a good end; undefined where none did. */
export async function halfWay(run: Run): Promise<Operation | undefined> {
  if ((await run.lastSync()) !== undefined) return undefined;
  const { lastSync } = await run.application();
  const history = await run.ports.state.operations(run.request.app, LOOK_BACK);
  const since = lastSync?.seq ?? 0;
  return history.find((one) => one.seq < run.request.seq && one.seq > since && mayHaveWritten(one));
}

/** Repairs bring back what was there before. One whose plan was refused has written nothing. */
function mayHaveWritten({ trigger, plan }: Operation): boolean {
  return trigger.kind !== 'drift' && trigger.kind !== 'rollback' && plan?.refused === 0;
}
