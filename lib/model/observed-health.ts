import type { Health } from './health.ts';
import type { ObjectId } from './kube-object.ts';

/** An object that is not Healthy, and since when its status is what it is. */
export type UnhealthyObject = Health & { readonly id: ObjectId; readonly since: string };

/** The health of an application as it was seen after its last operation. Times are ISO 8601. */
export type ObservedHealth = Health & {
  /** Since when the status is what it is. */
  readonly since: string;
  /** When it was seen first that the health is what it is. */
  readonly at: string;
  /** The objects that are not Healthy, worst first, at most 200; `count` is of all. */
  readonly objects: readonly UnhealthyObject[];
  readonly count: number;
};
