// In: the health of an application before and after a scan. Out: an event where people have to be told. Pure.
import type { ApplicationRecord } from '../../model/application-record.ts';
import { type EventDraft, eventOf } from '../../model/event.ts';
import { formatRef } from '../../model/kube-object.ts';
import { isIll, isWell, type ObservedHealth, type UnhealthyObject } from '../../model/observed-health.ts';
import { isToBeTold } from './observed.ts';

const MAX_LINES = 30;

type Scanned = {
  readonly record: Pick<ApplicationRecord, 'app' | 'health'>;
  readonly at: string;
  readonly previous: ObservedHealth | undefined;
  /** Tells the event of this record from those of others. */
  readonly key: string;
};

/** People are told once that an application is not well, and once that it is again; a rollout in between is neither. */
export function healthNews(next: ObservedHealth | undefined, scanned: Scanned): readonly EventDraft[] {
  if (next === undefined) return [];
  const { record, at, key, previous } = scanned;
  const { name, destination } = record.app;
  const about = { at, app: name, cluster: destination.cluster };
  if (isToBeTold(next, scanned)) {
    const how = isIll(next.status) ? next.status : `still ${next.status} after its operation`;
    const title = `${name}: ${how}: ${next.message}`;
    const lines = next.objects.slice(0, MAX_LINES).map(lineOf);
    return [eventOf({ ...about, kind: 'health.degraded', title, lines }, { key: `health.degraded ${key}` })];
  }
  if (!previous?.told || !isWell(next.status)) return [];
  const title = `${name}: ${next.status} again`;
  return [eventOf({ ...about, kind: 'health.recovered', title, lines: [] }, { key: `health.recovered ${key}` })];
}

function lineOf({ id, status, message, since }: UnhealthyObject): string {
  return `${formatRef(id)} ${status} since ${since}${message === '' ? '' : `: ${message}`}`;
}
