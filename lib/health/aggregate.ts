import { type Health, worst } from '../model/health.ts';
import { formatRef, type ObjectId } from '../model/kube-object.ts';

export type JudgedObject = { readonly id: ObjectId; readonly health: Health };

const MAX_CAUSES = 3;

/**
 * Health of a whole application: that of its worst object, with at most three causes. A missing object does not make it worse, since it is
 * the difference to Git that tells of it; an application of which nothing is there is Missing. Objects whose health is ignored are left
 * out by the caller.
 */
export function healthOfAll(objects: readonly JudgedObject[]): Health {
  const live = objects.filter(({ health }) => health.status !== 'Missing');
  if (live.length === 0 && objects.length > 0)
    return { status: 'Missing', message: `none of its ${objects.length} objects is in the cluster` };
  const { status } = worst(live.map(({ health }) => health));
  if (status === 'Healthy') return { status, message: '' };
  const causes = live.filter(({ health }) => health.status === status).map(cause);
  const more = causes.length - MAX_CAUSES;
  return { status, message: [...causes.slice(0, MAX_CAUSES), ...(more > 0 ? [`and ${more} more`] : [])].join('; ') };
}

function cause({ id, health: { status, message } }: JudgedObject): string {
  return `${formatRef(id)}: ${message || status}`;
}
