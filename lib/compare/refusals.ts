// In: what the API server answered instead of applying an object. Out: a refusal for each field.
import type { Refusal } from '../model/change-set.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import type { Desired } from '../plan/desired.ts';

export type NotApplied = Exclude<ApplyResult, { status: 'applied' }>;

type Refused = Pick<Desired, 'id' | 'source'>;

/** Every refusal in the server's answer: one for each field, or for each conflict about a field. */
export function refusalsOf(desired: Refused, result: NotApplied, remedy = ''): readonly Refusal[] {
  if (result.status === 'conflict')
    return result.conflicts.map(({ manager, field }) => ({
      ...refuse(desired, `field manager "${manager}" owns it; leave the field out of Git, or set sync.force: true`),
      field,
    }));
  if (result.causes.length === 0) return [refuse(desired, `${result.message}${remedy}`)];
  return result.causes.map(({ field, message }) => ({
    ...refuse(desired, `${message}${remedy}`),
    ...(field !== undefined && { field }),
  }));
}

export function refuse({ id, source }: Refused, message: string): Refusal {
  return { id, source, message };
}
