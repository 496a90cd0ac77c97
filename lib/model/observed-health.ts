import type { Health, HealthStatus } from './health.ts';
import type { ObjectId } from './kube-object.ts';

/** An object that is not Healthy, and since when its status is what it is. */
export type UnhealthyObject = Health & { readonly id: ObjectId; readonly since: string };

/** The health of an application as it was seen after its last operation. Times are ISO 8601. */
export type ObservedHealth = Health & {
  /** Since when the status is what it is. */
  readonly since: string;
  /** When it was seen first that the health is what it is. */
  readonly at: string;
  /** The newest operation that had ended with a health of its own by then, 0 without one; the health at the end of a later one is newer. */
  readonly seq: number;
  /** Whether people were told that the application is not well, and not yet that it is again. */
  readonly told?: true;
  /** The objects that are not Healthy, worst first, at most {@link MAX_RECORDED_HEALTH}; `count` is of all. */
  readonly objects: readonly UnhealthyObject[];
  readonly count: number;
};

/** Objects that are not Healthy that a record names. */
export const MAX_RECORDED_HEALTH = 200;

/** Whether people are told of this status, and of its end. */
export function isIll(status: HealthStatus): boolean {
  return status === 'Degraded' || status === 'Missing';
}

/** Whether an application in this status is as it should be. */
export function isWell(status: HealthStatus): boolean {
  return status === 'Healthy' || status === 'Suspended';
}
