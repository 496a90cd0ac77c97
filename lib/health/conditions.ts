import { z } from 'zod';
import type { Health, HealthStatus } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { judged, progressing } from './rule.ts';

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

const NOT_OBSERVED_REASON = 'NotObserved';

/** The message for a status that is older than the object. */
export const NOT_OBSERVED = 'the controller has not observed the change yet';

/** The status of an object, or of a part of it, is older than the object. */
export const notObserved: Health = progressing(NOT_OBSERVED, NOT_OBSERVED_REASON);

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
    return [{ ...parsed.data, status: 'Unknown', reason: NOT_OBSERVED_REASON, message: NOT_OBSERVED }];
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

/** The newest generation that a condition is about, where each of them tells: what else is in the status is no newer. */
export function newestObservation({ status }: KubeObject): number | undefined {
  const list = z.object({ conditions: z.array(Condition).min(1) }).safeParse(status).data?.conditions ?? [];
  const told = list.flatMap(({ observedGeneration }) => observedGeneration ?? []);
  return told.length > 0 && told.length === list.length ? Math.max(...told) : undefined;
}

/** The condition of a type that has this status, if any. */
export function findCondition(conditions: readonly Condition[], type: string, status: string): Condition | undefined {
  return conditions.find((c) => c.type === type && c.status === status);
}

/** The health that a condition shows, with its own words and reason. */
export function byCondition(status: HealthStatus, condition: Condition): Health {
  return judged(status, explain(condition), reasonOf(condition));
}

/** A condition's reason; without one, its type says which it is: `Stalled`, `NotReady`. */
function reasonOf({ type, status, reason }: Condition): string {
  if (reason !== '') return reason;
  if (status === 'True') return type;
  return status === 'False' ? `Not${type}` : `${type}Unknown`;
}

/** A condition as text: its message, else its reason, else its type and status. */
function explain({ type, status, reason, message }: Condition): string {
  return message || reason || `${type} is ${status}`;
}
