// In: what the API server answered instead of applying an object. Out: a refusal for each field.
import type { Refusal } from '../model/change-set.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import type { Desired } from '../plan/desired.ts';
import { conflictPath } from './conflict-path.ts';

export type NotApplied = Exclude<ApplyResult, { status: 'applied' }>;

type Refused = Pick<Desired, 'id' | 'source'> & Partial<Pick<Desired, 'object'>>;

/** Every refusal in the server's answer: one for each field, or for each conflict about a field. */
export function refusalsOf(desired: Refused, result: NotApplied, remedy = ''): readonly Refusal[] {
  if (result.status === 'conflict')
    return result.conflicts.map(({ manager, field }) => ({
      ...refuse(desired, `field manager "${manager}" owns it; ${conflictRemedies(desired, field)}`),
      field,
    }));
  if (result.causes.length === 0) return [refuse(desired, `${result.message}${remedy}`)];
  return result.causes.map(({ field, message }) => ({
    ...refuse(desired, `${message}${remedy}`),
    ...(field !== undefined && { field }),
  }));
}

/** The lines to write in the Application: one for each of the two that may win. */
function conflictRemedies({ id: { kind, name }, object }: Refused, field: string): string {
  const path = JSON.stringify(conflictPath(field.replace(/^\./, ''), object));
  const ignore = `drift: { ignore: [{ kind: ${kind}, name: ${JSON.stringify(name)}, fields: [${path}] }] }`;
  return `to leave it as it is, write \`${ignore}\` in the Application's spec; to take it over, \`sync: { force: true }\``;
}

export function refuse({ id, source }: Refused, message: string): Refusal {
  return { id, source, message };
}
