import { type Health, worst } from '../model/health.ts';
import { formatRef, type ObjectId } from '../model/kube-object.ts';

export type ObjectHealth = { readonly id: ObjectId; readonly health: Health };

const MAX_CAUSES = 3;

/**
 * Health of a whole application: that of its worst object, with at most three causes and the reason of the first. A missing object does not make it worse, since the
 * comparison with Git reports it; an application without any object is Missing. The caller omits objects whose health is ignored.
 */
export function healthOfAll(objects: readonly ObjectHealth[]): Health {
  const live = objects.filter(({ health }) => health.status !== 'Missing');
  if (live.length === 0 && objects.length > 0)
    return { status: 'Missing', message: `none of the ${objects.length} objects exists in the cluster` };
  const { status } = worst(live.map(({ health }) => health));
  if (status === 'Healthy') return { status, message: '' };
  const worstOnes = live.filter(({ health }) => health.status === status);
  const reason = worstOnes[0]?.health.reason;
  const causes = worstOnes.map(cause);
  const more = causes.length - MAX_CAUSES;
  const message = [...causes.slice(0, MAX_CAUSES), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return { status, message, ...(reason !== undefined && { reason }) };
}

function cause({ id, health: { status, message } }: ObjectHealth): string {
  return `${formatRef(id)}: ${message || status}`;
}
