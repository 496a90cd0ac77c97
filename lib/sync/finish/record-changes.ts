// In: what the end of an operation means for the application's record. Out: the changes, for the operations after it.
import type { Deployment, End, HeldRevision, LastSync } from '../../model/application-record.ts';
import { deploymentAfter, earlierDeployment, heldAfter, isHeld, previousAfter } from '../../policy/rollback.ts';
import type { Run } from '../operation/run.ts';
import { unfinishedDeployment } from '../resolve/unfinished-deployment.ts';
import type { DeployedRendering, RecordEffect } from './finish.ts';

/** Changes of the application's record at the end of an operation, beside its health. */
type RecordChanges = Pick<End, 'lastSync' | 'rendered' | 'wantsNothing' | 'previous' | 'held'> & {
  readonly deployment?: Deployment;
};

/** So many operations are searched for what the next rollback goes back to. */
const LOOK_BACK = 200;

export async function recordChanges(run: Run, effect: RecordEffect | undefined): Promise<RecordChanges> {
  switch (effect?.kind) {
    case 'deployed':
      return afterDeployment(run, effect.deployed);
    case 'advanced':
      return afterAdvance(run, effect.revision);
    case 'retained':
      return afterNoDeployment(run, effect.status);
    default:
      return {};
  }
}

async function afterDeployment(run: Run, rendering: DeployedRendering): Promise<RecordChanges> {
  const { changed, undone, rendered, isWhole, ...deployed } = rendering;
  const newest = { ...(rendered && { rendered, ...(isWhole && { wantsNothing: true as const }) }) };
  const [record, { trigger, commit }] = [await run.application(), await run.record.read()];
  const lastSync: LastSync = { ...deployed, ...(commit && { commit }), seq: run.request.seq };
  const isRollback = trigger.kind === 'rollback';
  // An unfinished operation may have written what this one found unchanged.
  const differs = changed || (await unfinishedDeployment(run)) !== undefined;
  const held = await heldThen(run, lastSync.revision, undone);
  const previous = isRollback
    ? await earlierThan(run, lastSync, held ?? record.held)
    : previousAfter(record, lastSync, differs);
  const isSame = !isRollback && !changed;
  const deployment = isSame && deploymentAfter(record, { revision: lastSync.revision, now: nowOf(run) });
  return {
    lastSync,
    ...newest,
    ...(previous && { previous }),
    ...(held && { held }),
    ...(deployment && { deployment }),
  };
}

/** The held commits, where they change. A rollback to a held commit undoes the rollback before it, so the commit that it replaces is not held. */
async function heldThen(run: Run, deployed: string, undone: string | undefined): Promise<End['held']> {
  const { held } = await run.application();
  const released = undone === undefined || isHeld(held, deployed) ? {} : { undone: await heldRevision(run, undone) };
  return heldAfter(held, { deployed, ...released });
}

/** What the next rollback goes back to. */
async function earlierThan(run: Run, deployed: LastSync, held: End['held']): Promise<LastSync | undefined> {
  const history = await run.ports.state.operations(run.request.app, LOOK_BACK);
  const { specHash } = await run.application();
  return earlierDeployment(history, { deployed, held, specHash });
}

async function afterAdvance(run: Run, revision: string): Promise<RecordChanges> {
  const [record, lastSync] = [await run.application(), await run.lastSync()];
  if (lastSync === undefined) return {};
  run.record.add({ renderedKey: lastSync.renderedKey });
  const deployment = deploymentAfter(record, { revision, now: nowOf(run) });
  const { commit: _, ...same } = lastSync;
  const { commit } = await run.record.read();
  const advanced = { ...same, revision, ...(commit && { commit }), seq: run.request.seq };
  return { lastSync: advanced, ...(deployment && { deployment }) };
}

/** Where an operation before this one was unfinished, it still is. */
async function afterNoDeployment(run: Run, status: LastSync['status'] | undefined): Promise<RecordChanges> {
  const lastSync = await run.lastSync();
  return lastSync === undefined ? {} : { lastSync: { ...lastSync, seq: run.request.seq, ...(status && { status }) } };
}

async function heldRevision(run: Run, revision: string): Promise<HeldRevision> {
  const { trigger } = await run.record.read();
  const by = trigger.by === undefined ? '' : ` by ${trigger.by}`;
  return { revision, reason: `rolled back${by}`, at: new Date(nowOf(run)).toISOString() };
}

function nowOf({ ports }: Run): number {
  return ports.clock.now();
}
