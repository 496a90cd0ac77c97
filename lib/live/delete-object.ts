// In: an object, and why it is to be deleted. Out: what became of it. The only caller of the port's `delete`: each DELETE follows a GET and the rule of
// lib/ownership/may-delete.ts, and names the uid and version that the rule has seen. May throw what the API server's state is; a read that fails is no absence.
import type { ServedKind, WriteOptions } from '../model/cluster-api.ts';
import type { KubeObject, ObjectId } from '../model/kube-object.ts';
import { type DeletionReason, mayDelete } from '../ownership/may-delete.ts';
import type { Cluster } from '../ports/cluster.ts';

/** An object that changes in between is judged again this often. */
const MOST_TRIES = 5;

export type DeletionTarget = { readonly kind: ServedKind; readonly id: ObjectId };

export type DeletionPorts = {
  readonly cluster: Pick<Cluster, 'get' | 'delete'>;
  readonly guard: NonNullable<WriteOptions['guard']>;
};

export type DeletionResult =
  /** It was not there, or another application, or another object of this name, has taken its place. */
  | { readonly status: 'gone' }
  /** The deletion was requested, now or before, of the object with this uid; whether it has ended only a later look tells. */
  | { readonly status: 'requested'; readonly uid: string }
  /** The rule keeps it. */
  | { readonly status: 'kept'; readonly reason: string }
  /** It changed before every DELETE. */
  | { readonly status: 'contended' }
  /** The server, or a webhook, does not delete it. */
  | { readonly status: 'refused'; readonly message: string };

/** Deletes an object, unless the rule, or its uid, says otherwise. */
export async function deleteObject(
  target: DeletionTarget,
  reason: DeletionReason,
  ports: DeletionPorts,
): Promise<DeletionResult> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await tryOnce(target, reason, ports);
    if (result !== undefined) return result;
  }
  return { status: 'contended' };
}

/** Undefined where the object changed between the GET and the DELETE. */
async function tryOnce(
  { kind, id }: DeletionTarget,
  reason: DeletionReason,
  { cluster, guard }: DeletionPorts,
): Promise<DeletionResult | undefined> {
  const live = await cluster.get(kind, id);
  if (live === undefined || isAnother(live, reason)) return { status: 'gone' };
  const { uid, resourceVersion, deletionTimestamp } = live.metadata;
  if (deletionTimestamp !== undefined && uid !== undefined) return { status: 'requested', uid };
  const verdict = mayDelete(live, reason);
  if (verdict.may === 'forget') return { status: 'gone' };
  if (verdict.may === 'keep') return { status: 'kept', reason: verdict.reason };
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const result = await cluster.delete(kind, { ...id, uid: verdict.uid, ...version }, { guard });
  if (result.status === 'conflict') return undefined;
  if (result.status === 'refused') return result;
  return result.status === 'absent' ? { status: 'gone' } : { status: 'requested', uid: verdict.uid };
}

/** Under a hook's name another object is no absence: the hook must not be applied over it. */
function isAnother({ metadata }: KubeObject, { why, uid }: DeletionReason): boolean {
  return why !== 'hook' && uid !== undefined && metadata.uid !== uid;
}
