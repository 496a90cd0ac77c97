import { idKey } from '../../model/kube-object.ts';
import { stableHash } from '../../model/stable-hash.ts';
import type { Desired } from '../../plan/desired.ts';
import type { Planning } from './plan-context.ts';

/**
 * The destination's Namespace, where `createNamespace` is set, Git does not define it, and it does not exist. It has no label of ours and is in no
 * inventory, so it is never deleted.
 */
export async function destinationNamespace(
  { app, cluster, live }: Planning,
  desired: readonly Desired[],
): Promise<readonly Desired[]> {
  const { namespace: name } = app.destination;
  const id = { group: '', kind: 'Namespace', name };
  if (!app.sync.createNamespace || desired.some((item) => idKey(item.id) === idKey(id))) return [];
  if ([...live.values()].some(({ metadata }) => metadata.namespace === name)) return [];
  const kind = await cluster.kind('v1', 'Namespace');
  const existing = kind && (await cluster.get(kind, id));
  if (kind === undefined || (existing !== undefined && existing.metadata.deletionTimestamp === undefined)) return [];
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  return [{ object, id, kind, served: true, source: 'sync.createNamespace', hash: stableHash(object) }];
}
