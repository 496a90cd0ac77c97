import { z } from 'zod';
import type { KubeObject } from '../model/kube-object.ts';

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  observedGeneration: z.number().optional().catch(undefined),
  lastTransitionTime: z.string().optional().catch(undefined),
  lastUpdateTime: z.string().optional().catch(undefined),
});

export type Condition = z.infer<typeof Condition>;

const Status = z.object({ conditions: z.array(z.unknown()).catch([]), observedGeneration: z.unknown().optional() });

/** The message for a status that is older than the object. */
export const NOT_OBSERVED = 'the controller has not observed the change yet';

/** The conditions of a status; a condition of an older generation is `Unknown`, since it does not describe the current one. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const status = Status.safeParse(object.status);
  return status.success ? readConditions(status.data.conditions, generationOf(object)) : [];
}

/** The same for a list of conditions elsewhere in a status; items without the form of a condition are omitted. */
export function readConditions(list: readonly unknown[], generation: number): readonly Condition[] {
  return list.flatMap((item) => {
    const parsed = Condition.safeParse(item);
    if (!parsed.success) return [];
    const { observedGeneration = generation } = parsed.data;
    if (observedGeneration >= generation) return [parsed.data];
    return [{ ...parsed.data, status: 'Unknown', reason: '', message: NOT_OBSERVED }];
  });
}

/** `metadata.generation`; 0 where the kind has none. */
export function generationOf({ metadata }: KubeObject): number {
  return typeof metadata.generation === 'number' ? metadata.generation : 0;
}

/** `status.observedGeneration`, which Argo Rollouts writes as text. */
export function observedGenerationOf(object: KubeObject): number | undefined {
  const status = Status.safeParse(object.status);
  const observed = status.success ? status.data.observedGeneration : undefined;
  if (typeof observed === 'number') return observed;
  return typeof observed === 'string' && /^\d{1,15}$/.test(observed) ? Number(observed) : undefined;
}

/** The condition of a type that has this status, if any. */
export function findCondition(conditions: readonly Condition[], type: string, status: string): Condition | undefined {
  return conditions.find((c) => c.type === type && c.status === status);
}

/** A condition as text: its message, else its reason, else its type and status. */
export function explain({ type, status, reason, message }: Condition): string {
  return message || reason || `${type} is ${status}`;
}
