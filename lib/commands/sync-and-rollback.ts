// What a person asks for. In: a name, and who asks. Out: an operation that was asked for, and started where nobody else does that. May go wrong: what
// cannot be done is an error that says why, and nothing was asked for.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName, type Trigger } from '../model/operation.ts';
import { rollbackTarget, underWayOf } from '../policy/rollback.ts';
import type { Log } from '../ports/runtime.ts';
import type { Operations } from '../ports/workflow.ts';
import { configured, type LookPorts, operationOf } from '../queries/applications.ts';

export type ControlPorts = LookPorts & { readonly operations: Operations; readonly log: Log };

/** `queued` waits for the operation that runs. */
export type AskedOperation = {
  readonly app: string;
  readonly seq: number;
  readonly operation: string;
  readonly status: 'started' | 'queued';
};

/** Who asks, and whether a commit that was rolled back is to be deployed all the same. */
export type SyncWish = { readonly by?: string | undefined; readonly release?: boolean | undefined };

/** Deploys the newest commit, also where nothing deploys by itself; corrections that were given up begin anew. */
export async function askSync(
  name: string,
  { by, release = false }: SyncWish,
  ports: ControlPorts,
): Promise<AskedOperation> {
  const record = await configured(name, ports);
  const held = await heldHead(record, ports);
  if (held !== undefined && !release)
    throw new DriftlessError(
      'RevisionHeld',
      `Application/${name}: its newest commit ${held.slice(0, 7)} was rolled back and is held`,
    );
  return ask(name, { kind: 'manual', ...(by !== undefined && { by }) }, ports);
}

/** Who asks, and the operation that is gone back to; by default the last good deployment of another commit. */
export type RollbackWish = { readonly by?: string | undefined; readonly toSeq?: number | undefined };

/** Goes back to an earlier deployment, by its stored rendering. */
export async function askRollback(name: string, wish: RollbackWish, ports: ControlPorts): Promise<AskedOperation> {
  const record = await configured(name, ports);
  const by = wish.by === undefined ? {} : { by: wish.by };
  if (wish.toSeq !== undefined) {
    const target = await operationOf(name, wish.toSeq, ports);
    refuseWithoutRendering(target);
    return ask(name, { kind: 'rollback', ...by, toSeq: wish.toSeq }, ports);
  }
  const underWay = underWayOf(record);
  const found = rollbackTarget(record, underWay === undefined ? {} : { underWay });
  if (found.target === undefined)
    throw new DriftlessError('RollbackImpossible', `Application/${name}: ${found.reason}`);
  return ask(name, { kind: 'rollback', ...by }, ports);
}

/** The commit that was rolled back, where no newer one was pushed since. */
async function heldHead(
  { app, held = [], desiredRevision, desiredSeq }: ApplicationRecord,
  ports: ControlPorts,
): Promise<string | undefined> {
  const pushed = held.find(({ revision }) => revision === desiredRevision);
  if (pushed !== undefined) return pushed.revision;
  const newest = desiredSeq === 0 ? undefined : await ports.state.operation(app.name, desiredSeq);
  return newest?.outcome?.status === 'rolledBack' ? held.at(-1)?.revision : undefined;
}

function refuseWithoutRendering({ app, seq, outcome, phase, renderedKey }: Operation): void {
  if (renderedKey !== undefined) return;
  const how = outcome?.status ?? phase;
  throw new DriftlessError('RollbackImpossible', `Application/${app}: operation ${seq} (${how}) has deployed nothing`);
}

async function ask(app: string, trigger: Trigger, { state, operations, log }: ControlPorts): Promise<AskedOperation> {
  const { seq, start } = await state.request(app, { trigger });
  if (start) await operations.start(app, seq);
  const operation = operationName({ app, seq });
  log.info('asked for an operation', { app, operation, trigger });
  return { app, seq, operation, status: start ? 'started' : 'queued' };
}
