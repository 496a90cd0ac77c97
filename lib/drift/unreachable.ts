import { mapBounded } from '../async/map-bounded.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { isNews, type Scan, unreachableRecord } from './drift-record.ts';
import type { DriftPorts } from './scan-ports.ts';

const WRITES_AT_ONCE = 16;

/** Records of a cluster that cannot be reached that nobody knows how its applications are. What had drifted is kept; nothing is corrected. */
export async function recordUnreachable(
  records: readonly ApplicationRecord[],
  scan: Scan & { readonly reason: string },
  { state }: Pick<DriftPorts, 'state'>,
): Promise<void> {
  const deployed = records.filter(({ app, lastSync }) => lastSync !== undefined && app.drift.mode !== 'off');
  const names = deployed.map(({ app }) => app.name);
  const known = await state.drifts(names);
  await mapBounded(names, WRITES_AT_ONCE, async (app) => {
    const previous = known.get(app);
    const next = unreachableRecord(app, previous, scan);
    // The reason may differ in every attempt; it is written once.
    const isSaid = previous?.status === 'Unknown' && previous.reason !== undefined;
    if (!isSaid && isNews(next, previous)) await state.putDrift(next);
  });
}
