// What an operation that ended without being refused, failed or superseded leaves in the application's record for those after it.
import type { HeldRevision, LastSync } from '../../model/application-record.ts';
import type { OutcomeStatus } from '../../model/operation.ts';
import { deploymentAfter, heldAfter, isHeld, previousAfter } from '../../policy/rollback.ts';
import type { Left, Run } from '../operation/run.ts';
import { halfWay } from '../resolve/unfinished-deployment.ts';

type Made = {
  readonly made: LastSync;
  /** Whether the operation wrote anything to the cluster. */
  readonly changed: boolean;
  /** The commit that was taken back. */
  readonly undone?: string;
};

/** All of a rendering is in the cluster. */
export async function leftByDeployment(run: Run, { made, changed, undone }: Made): Promise<Left> {
  const [record, { trigger }] = [await run.application(), await run.operation()];
  const isRollback = trigger.kind === 'rollback';
  // An operation that stopped half-way may have changed what this one found to be right.
  const differs = changed || (await halfWay(run)) !== undefined;
  const previous = isRollback ? undefined : previousAfter(record, made, differs);
  // Who goes back to a held commit takes back the rollback: nothing is wrong with what is deployed.
  const isForward = isHeld(record.held, made.revision);
  const taken = undone === undefined || isForward ? {} : { undone: await takenBack(run, undone) };
  const held = heldAfter(record.held, { deployed: made.revision, ...taken });
  const deployment =
    isRollback || changed ? undefined : deploymentAfter(record, { revision: made.revision, now: nowOf(run) });
  return { lastSync: made, ...(previous && { previous }), ...(held && { held }), ...(deployment && { deployment }) };
}

/** The commit changes nothing for the application, so that what is deployed counts as this commit from now on. */
export async function leftByNothing(run: Run, revision: string | undefined): Promise<Left> {
  const [record, lastSync] = [await run.application(), await run.lastSync()];
  if (lastSync === undefined || revision === undefined) return {};
  run.note({ renderedKey: lastSync.renderedKey });
  const deployment = deploymentAfter(record, { revision, now: nowOf(run) });
  return { lastSync: { ...lastSync, revision, seq: run.request.seq }, ...(deployment && { deployment }) };
}

/** The operation was kept from deploying, and has written nothing. */
export async function leftByRefusal(run: Run): Promise<Left> {
  const lastSync = await run.lastSync();
  return lastSync === undefined ? {} : { lastSync: { ...lastSync, seq: run.request.seq } };
}

/** What was deployed last is still what is deployed; where something was half-way before, it still is. */
export async function leftByCorrection(run: Run, status?: OutcomeStatus): Promise<Left> {
  const lastSync = await run.lastSync();
  return lastSync === undefined ? {} : { lastSync: { ...lastSync, seq: run.request.seq, ...(status && { status }) } };
}

async function takenBack(run: Run, revision: string): Promise<HeldRevision> {
  const { trigger } = await run.operation();
  const who = trigger.by === undefined ? '' : ` by ${trigger.by}`;
  return { revision, reason: `rolled back${who}`, at: new Date(nowOf(run)).toISOString() };
}

function nowOf({ ports }: Run): number {
  return ports.clock.now();
}
