// In: an application, and the time of its last full scan. Out: whether the next one is due. A full scan dry-runs every object once a day, also those with an
// unchanged version, since the server may have changed, such as an admission webhook. Each application has its own time of day, which spreads the load.
import { stableHash } from '../model/stable-hash.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether the application's time of day has passed since the last full scan. None is due before the first: a deployment dry-runs every object, too. */
export function isFullScanDue(app: string, scannedAt: string | undefined, now: number): boolean {
  if (scannedAt === undefined) return false;
  const offset = offsetOf(app);
  const latest = Math.floor((now - offset) / DAY_MS) * DAY_MS + offset;
  return Date.parse(scannedAt) < latest;
}

/** Milliseconds from midnight UTC. */
function offsetOf(app: string): number {
  return Number.parseInt(stableHash(app).slice(0, 8), 16) % DAY_MS;
}
