import { entriesOf } from '../operation/operation-inventory.ts';
import type { Run } from '../operation/run.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';

/** How many objects are left in a cluster that was the destination before. */
export type LeftCount = { readonly cluster: string; readonly count: number };

/** What is left in former clusters before it is pruned; after a correction, which deploys some objects only, nothing is. */
export async function leftCounts(
  run: Run,
  { repair }: Pick<ResolvedSource, 'repair'>,
): Promise<{ readonly moved?: readonly LeftCount[] }> {
  const { app, moved = [] } = await run.application();
  if (repair === 'drift' || moved.length === 0) return {};
  const counts = [];
  for (const left of moved) {
    const entries = (await entriesOf(run.ports.state, app.name, left)) ?? [];
    counts.push({ cluster: left.cluster, count: entries.length });
  }
  return { moved: counts };
}
