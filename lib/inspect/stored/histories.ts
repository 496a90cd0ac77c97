// In: an application. Out: which operation created each of its objects, and which one changed it last, as far as the newest operations tell. Reads the state
// table and stored plans only.
import { mapBounded } from '../../async/map-bounded.ts';
import type { Change, ChangeSet } from '../../model/change-set.ts';
import { idKey } from '../../model/kube-object.ts';
import type { Operation } from '../../model/operation.ts';
import type { Blobs, StateStore } from '../../ports/store.ts';
import { JsonBlobs } from '../../runtime/json-blobs.ts';
import type { ObjectHistory } from './object-view.ts';

/** Operations that are looked through, and plans that are read of them. */
const MOST_OPERATIONS = 50;
const MOST_PLANS = 10;
const PLANS_AT_ONCE = 4;

const CHANGING: readonly string[] = ['created', 'configured', 'recreated'];

/** By identity. */
export async function readHistories(
  app: string,
  { state, blobs }: { readonly state: Pick<StateStore, 'operations'>; readonly blobs: Blobs },
): Promise<ReadonlyMap<string, ObjectHistory>> {
  const newest = await state.operations(app, MOST_OPERATIONS);
  const changing = newest.filter(hasWritten).slice(0, MOST_PLANS);
  const changeSets = new JsonBlobs<ChangeSet>(blobs);
  const plans = await mapBounded(changing, PLANS_AT_ONCE, async (operation) => {
    const changeSet = operation.changeSetKey === undefined ? undefined : await changeSets.find(operation.changeSetKey);
    return { operation, changeSet };
  });
  return historiesOf(plans);
}

type Planned = { readonly operation: Operation; readonly changeSet: ChangeSet | undefined };

/** The newest operation comes first. */
function historiesOf(plans: readonly Planned[]): ReadonlyMap<string, ObjectHistory> {
  const histories = new Map<string, ObjectHistory>();
  for (const { operation, changeSet } of plans) {
    const at = operation.startedAt ?? operation.requestedAt;
    for (const { id, action } of changeSet?.changes.filter(isWrite) ?? []) {
      const known = histories.get(idKey(id)) ?? {};
      const created = known.created ?? (action === 'configured' ? undefined : at);
      const changed = known.changed ?? { seq: operation.seq, action, at };
      histories.set(idKey(id), { changed, ...(created !== undefined && { created }) });
    }
  }
  return histories;
}

function isWrite({ action }: Change): boolean {
  return CHANGING.includes(action);
}

/** Whether an operation may have written what it planned. */
function hasWritten({ plan, outcome, timings }: Operation): boolean {
  if (plan === undefined || plan.created + plan.configured + plan.recreated === 0) return false;
  if (outcome === undefined) return timings?.apply !== undefined;
  return outcome.status !== 'refused' && outcome.status !== 'waiting' && outcome.status !== 'unchanged';
}
