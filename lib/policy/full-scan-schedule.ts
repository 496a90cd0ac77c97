// Once a day every object of an application is dry-run, also one whose version has not moved: what changes then is the server, such as an admission
// webhook. Each application has a time of the day of its own, so that the load is spread.
import { stableHash } from '../model/stable-hash.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether the application's time of the day has come since the last check. Nothing is due where there was none: a deployment is a check too. */
export function isFullCheckDue(app: string, checkedAt: string | undefined, now: number): boolean {
  if (checkedAt === undefined) return false;
  const offset = offsetOf(app);
  const latest = Math.floor((now - offset) / DAY_MS) * DAY_MS + offset;
  return Date.parse(checkedAt) < latest;
}

/** Milliseconds from midnight UTC. */
function offsetOf(app: string): number {
  return Number.parseInt(stableHash(app).slice(0, 8), 16) % DAY_MS;
}
