import type { ObjectId } from './kube-object.ts';

/**
 * One object that an application has, or is about to have, in its cluster. Written before the first write to the cluster, without uid;
 * completed with what the server answered.
 */
export type InventoryEntry = ObjectId & {
  /** The version it was applied in, for deleting and listing. */
  readonly apiVersion: string;
  /** Hash of the desired object as it was applied. */
  readonly hash?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** Whether the application no longer wants it, so that another application may take it over; it stays here until it is deleted or another's. */
  readonly released?: true;
  /** The application that it was taken over from: a rollback to before that keeps it. */
  readonly takenFrom?: string;
  /** Whether an operation saw it complete: a Job or Pod that is gone afterwards is not missing. */
  readonly finished?: true;
  /** Whether its manifest says that it does not count for the health of its application; what others annotate the live object with says nothing. */
  readonly ignoresHealth?: true;
};

/** An application's inventory, as its record names it: the generation changes with each write. */
export type InventoryPointer = { readonly app: string; readonly generation: number; readonly chunks: number };
