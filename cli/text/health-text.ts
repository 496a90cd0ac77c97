// The text form of an application's health.
import { formatRef } from '../../lib/model/kube-object.ts';
import type { HealthView } from '../../lib/queries/health-view.ts';
import { ago } from './table.ts';

/** Objects that are named below the health of an application. */
const NAMED = 10;

/** Health, since when, and why: `Degraded since 5m, Deployment/shop/api: …`. */
export function healthLine(health: HealthView | undefined, now: number): string {
  if (health === undefined) return '-';
  const { status, since, message } = health;
  const when = since === undefined ? status : `${status} since ${ago(since, now)}`;
  return message === '' ? when : `${when}, ${message}`;
}

/** What there is to say of the health below a table. */
export function healthRemarks(health: HealthView | undefined, now: number): readonly string[] {
  return health !== undefined && needsReason(health) ? [healthLine(health, now)] : [];
}

/** Whether people want to know why. */
export function needsReason({ status }: Pick<HealthView, 'status'>): boolean {
  return status === 'Degraded' || status === 'Missing' || status === 'Unknown';
}

/** The objects that are not Healthy; none where the sentence of the whole says it all. */
export function unhealthyLines(health: HealthView | undefined, now: number): readonly string[] {
  const { objects = [], status } = health ?? {};
  const [only] = objects;
  if (only === undefined || (objects.length === 1 && only.status === status)) return [];
  const lines = objects.slice(0, NAMED).map(({ id, ...one }) => `${formatRef(id)} ${healthLine(one, now)}`);
  return objects.length > NAMED ? [...lines, `and ${objects.length - NAMED} more`] : lines;
}
