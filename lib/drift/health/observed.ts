// In: the objects of an application that a scan found not to be Healthy, and the record before. Out: the health of the application as the scan has seen it; undefined where
// it is what the end of the last operation said already. Pure.
import { healthOfAll, type ObjectHealth } from '../../health/aggregate.ts';
import type { ApplicationRecord } from '../../model/application-record.ts';
import { badness, type Health } from '../../model/health.ts';
import { idKey } from '../../model/kube-object.ts';
import {
  isIll,
  isWell,
  MAX_RECORDED_HEALTH,
  type ObservedHealth,
  type UnhealthyObject,
} from '../../model/observed-health.ts';

/** What a scan has seen of an application. */
export type Seen = { readonly unwell: readonly ObjectHealth[]; readonly existing: number };

type Before = {
  readonly record: Pick<ApplicationRecord, 'health'>;
  readonly previous: ObservedHealth | undefined;
  readonly at: string;
};

/** The health of an application whose objects were looked at. */
export function observedHealth({ unwell, existing }: Seen, before: Before): ObservedHealth | undefined {
  const sinceBefore = new Map(objectsBefore(before).map((one) => [idKey(one.id), one]));
  const objects = unwell
    .map(({ id: { group, kind, namespace, name }, health }): UnhealthyObject => {
      const id = { group, kind, ...(namespace !== undefined && { namespace }), name };
      const known = sinceBefore.get(idKey(id));
      return { ...health, id, since: known?.status === health.status ? known.since : before.at };
    })
    .toSorted((a, b) => badness(b) - badness(a) || (idKey(a.id) < idKey(b.id) ? -1 : 1));
  const missing = unwell.filter(({ health }) => health.status === 'Missing').length;
  const isOnlyMissing = missing === unwell.length && existing > 0;
  const ordered = objects.map(({ id, since: _, ...health }) => ({ id, health }));
  const whole = isOnlyMissing ? HEALTHY : healthOfAll(ordered);
  return settled(whole, objects, before);
}

/** The health of an application whose cluster cannot be reached: what was known of its objects may have changed. */
export function unreachableHealth(reason: string, before: Before): ObservedHealth | undefined {
  const whole = { status: 'Unknown', message: reason, reason: 'Unreachable' } as const;
  // The reason may differ in every attempt; it is written once.
  if (before.previous?.status === 'Unknown' && before.previous.reason === whole.reason) return before.previous;
  return settled(whole, objectsBefore(before), before, before.previous?.count);
}

/** Whether an operation has looked at the health after a scan did. */
export function isOutdated(
  observed: Pick<ObservedHealth, 'seq'>,
  { health }: Pick<ApplicationRecord, 'health'>,
): boolean {
  return (health?.seq ?? 0) > observed.seq;
}

const HEALTHY: Health = { status: 'Healthy', message: '' };

function settled(
  whole: Health,
  objects: readonly UnhealthyObject[],
  before: Before,
  count = objects.length,
): ObservedHealth | undefined {
  const { record, previous, at } = before;
  const told = !isWell(whole.status) && (previous?.told || isToBeTold(whole, before));
  const named = objects.slice(0, MAX_RECORDED_HEALTH);
  const since = sinceOf(whole, objects, before);
  const next = { ...whole, since, ...(told && { told: true as const }), objects: named, count };
  const isFresh = previous === undefined || isOutdated(previous, record);
  const isAsTheOperationSaid = whole.status === 'Healthy' && record.health?.status === 'Healthy';
  if (isFresh && isAsTheOperationSaid && count === 0 && !previous?.told) return undefined;
  if (previous !== undefined && !isFresh && digest(next) === digest(previous)) return previous;
  return { ...next, at, seq: record.health?.seq ?? 0 };
}

function sinceOf(whole: Health, objects: readonly UnhealthyObject[], before: Before): string {
  const known = wholeBefore(before);
  if (known?.status === whole.status) return known.since ?? before.at;
  const [first] = objects
    .filter(({ status }) => status === whole.status)
    .map(({ since }) => since)
    .toSorted();
  return first ?? before.at;
}

/** What was known of the whole: by the scan before, or by an operation since. */
function wholeBefore({ record, previous }: Before): { status: string; since?: string | undefined } | undefined {
  const { health } = record;
  if (previous !== undefined && !isOutdated(previous, record)) return previous;
  if (health === undefined) return undefined;
  // An operation that ended as the scan before it had seen the application has changed nothing of it.
  return previous?.status === health.status ? previous : { status: health.status, since: health.at };
}

/** The objects that were not Healthy, unless an operation has seen all of them healthy since. */
function objectsBefore({ record, previous }: Before): readonly UnhealthyObject[] {
  if (previous === undefined) return [];
  const isOver = isOutdated(previous, record) && record.health?.status === 'Healthy';
  return isOver ? [] : previous.objects;
}

/** Whether people have to be told that the application is not well: it is ill, or an operation gave up waiting for it and it is not well since. */
export function isToBeTold({ status }: Pick<Health, 'status'>, before: Omit<Before, 'at'>): boolean {
  if (before.previous?.told || isWell(status) || status === 'Unknown') return false;
  return isIll(status) || endedUnwell(before);
}

/** Whether the last operation that looked ended unhealthy, and no scan has looked since. */
function endedUnwell({ record, previous }: Omit<Before, 'at'>): boolean {
  const isFresh = previous === undefined || isOutdated(previous, record);
  return isFresh && record.health !== undefined && !isWell(record.health.status);
}

function digest({ status, message, reason, since, told, objects, count }: Omit<ObservedHealth, 'at' | 'seq'>): string {
  return JSON.stringify([status, message, reason, since, told, count, objects]);
}
