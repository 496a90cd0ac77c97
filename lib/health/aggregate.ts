import { type Health, worst } from '../model/health.ts';
import { formatRef, type ObjectId } from '../model/kube-object.ts';

export type ObjectHealth = { readonly id: ObjectId; readonly health: Health };

const MAX_CAUSES = 3;

/**
 * Health of a whole application: that of its worst object, with at most three causes. A missing object does not make it worse, since the
 * comparison with Git reports it; an application without any object is Missing. The caller omits objects whose health is ignored.
 */
export function healthOfAll(objects: readonly ObjectHealth[]): Health {
  const live = objects.filter(({ health }) => health.status !== 'Missing');
  if (live.length === 0 && objects.length > 0)
    return { status: 'Missing', message: `none of the ${objects.length} objects exists in the cluster` };
  const { status } = worst(live.map(({ health }) => health));
  if (status === 'Healthy') return { status, message: '' };
  const causes = live.filter(({ health }) => health.status === status).map(cause);
  const more = causes.length - MAX_CAUSES;
  return { status, message: [...causes.slice(0, MAX_CAUSES), ...(more > 0 ? [`and ${more} more`] : [])].join('; ') };
}

function cause({ id, health: { status, message } }: ObjectHealth): string {
  return `${formatRef(id)}: ${message || status}`;
}
