import { mapBounded } from '../../async/map-bounded.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { CONCURRENT_REQUESTS } from '../plan/plan-changes.ts';
import type { StagedObject } from './apply-stage.ts';

/** Deletes the objects of hooks whose delete policy says so, at the end of the whole operation as in Argo CD. */
export async function deleteFinishedHooks(
  hooks: readonly StagedObject[],
  { cluster, guard }: { readonly cluster: Cluster; readonly guard: () => void },
): Promise<void> {
  await mapBounded(hooks, CONCURRENT_REQUESTS, async ({ kind, id }) => {
    const uid = (await cluster.get(kind, id))?.metadata.uid;
    if (uid !== undefined) await cluster.delete(kind, { ...id, uid }, { guard });
  });
}
