import type { Application } from './application.ts';
import type { Commit } from './commit.ts';
import type { EventDraft } from './event.ts';
import type { KnownHead, SeenHead } from './head.ts';
import type { HealthAtEnd } from './health.ts';
import type { Operation, OutcomeStatus, Trigger } from './operation.ts';

/** The right to write for an application: it belongs to the holder of the highest fence, until it expires. */
export type Lease = {
  readonly app: string;
  /** Sequence of the operation that holds it. */
  readonly seq: number;
  /** Grows with each acquisition; every write of state is conditional on it. */
  readonly fence: number;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** The deployer, where several share one state; only the same one may resume an operation before the lease has expired. */
  readonly worker?: string;
};

/** A file or folder of the repository that a rendering was made from, with its Git object id. */
export type SourceInput = { readonly path: string; readonly oid: string };

/** What the last operation that reached the cluster left there. */
export type LastSync = {
  readonly revision: string;
  /** The commit of each source, where there are several; the first is `revision`. */
  readonly revisions?: readonly string[];
  readonly commit?: Commit;
  readonly seq: number;
  /** Hash of the Application that it was made with. */
  readonly specHash: string;
  /** Everything that the rendering was made from; unchanged inputs make an unchanged rendering. */
  readonly inputs: readonly SourceInput[];
  /** Blob key of the rendered objects. */
  readonly renderedKey: string;
  readonly status: OutcomeStatus;
};

/** The commit that was rendered last, whatever became of it. Together with what the application wants, it says what that commit holds. */
export type Rendered = Pick<LastSync, 'revision' | 'specHash' | 'inputs'>;

/** Nothing is deployed or corrected by itself, until it is resumed or the time is over; drift is reported only. Times are ISO 8601. */
export type Suspension = {
  readonly reason: string;
  readonly by?: string;
  readonly at: string;
  readonly until?: string;
};

/** A commit that was rolled back, with those of the other sources; only a person's own request deploys it again. */
export type HeldRevision = {
  readonly revision: string;
  readonly revisions?: readonly string[];
  readonly reason: string;
  readonly at: string;
};

/** The newest operation that did not deploy what it was to deploy, until one does. Times are ISO 8601. */
export type Failure = {
  readonly seq: number;
  readonly status: Extract<OutcomeStatus, 'failed' | 'refused'>;
  /** Absent where objects were refused. */
  readonly code?: string;
  /** The beginning of the reason; the operation has all of it. */
  readonly message: string;
  readonly revision?: string;
  /** Whether the cluster still has all of the last deployment. */
  readonly hasWrittenNothing?: true;
  /** When the first operation since the last good one failed. */
  readonly since: string;
  readonly at: string;
};

/** The last deployment that changed the application's commit, for alarms within its bake time. */
export type Deployment = {
  readonly seq: number;
  readonly revision: string;
  readonly revisions?: readonly string[];
  /** When its first write was sent; ISO 8601. */
  readonly at: string;
  /** Alarms of the application that were in ALARM before. */
  readonly alarmsBefore: readonly string[];
};

/** What declares an application. Loading a configuration removes only applications of the kind `config`. */
export type Origin =
  | { readonly kind: 'config' }
  | { readonly kind: 'preview'; readonly parent: string; readonly request: string }
  | { readonly kind: 'generated'; readonly by: string };

/** A name that an application had before; its operations after `afterSeq` and up to `upToSeq` are recorded under that name. */
export type FormerName = { readonly name: string; readonly upToSeq: number; readonly afterSeq?: number };

/** Where the objects of an inventory are. */
export type InventoryPlace = {
  readonly cluster: string;
  /** The uid of its namespace `kube-system`, where that may be read: a cluster that is made again under its name has another one. */
  readonly uid?: string;
  /** The namespace of the destination. */
  readonly namespace: string;
};

/** Which inventory holds the objects in a cluster that was the destination before, until they are pruned there. */
export type LeftInventory = InventoryPlace & { readonly generation: number; readonly chunks: number };

/** The gate of an application with objects that Git no longer has and whose deletion has not ended. */
export const DELETION_GATE = 'deletion';

/** A gate that the application waits for; times are ISO 8601. */
export type Waiting = { readonly gate: string; readonly since: string; readonly until?: string };

/** An application with its state. */
export type ApplicationRecord = {
  readonly app: Application;
  readonly specHash: string;
  /** Absent: a configuration. */
  readonly origin?: Origin;
  /** Oldest first. */
  readonly formerly?: readonly FormerName[];
  readonly waiting?: readonly Waiting[];
  /** The newest operation that was requested before the specification came; without a newer one, no operation has deployed it. */
  readonly specSeq?: number;
  /** The newest requested operation; 0 before the first. */
  readonly desiredSeq: number;
  /** The commit that the newest push named; a hint. */
  readonly desiredRevision?: string;
  readonly head?: KnownHead;
  readonly failure?: Failure;
  readonly lease?: Lease;
  readonly lastSync?: LastSync;
  readonly rendered?: Rendered;
  /** Which item holds the objects that the application wants; absent where it wants none. */
  readonly wants?: { readonly generation: number; readonly chunks: number };
  /** The health at the end of the newest operation that looked at it. */
  readonly health?: HealthAtEnd;
  /** The last good deployment of another commit than `lastSync` has; what a rollback goes back to. */
  readonly previous?: LastSync;
  readonly deployment?: Deployment;
  readonly suspended?: Suspension;
  /** Newest last; at most ten. */
  readonly held?: readonly HeldRevision[];
  /** Which inventory is the current one. */
  readonly inventory?: { readonly generation: number; readonly chunks: number };
  /** Where its objects are; absent where an older version has written it: at the destination. */
  readonly place?: InventoryPlace;
  /** What is left in clusters that were the destination before; never in the one that is it now. */
  readonly moved?: readonly LeftInventory[];
  /** Whether another version wrote the record last, so that its index items and its summary may be outdated. */
  readonly needsIndex?: true;
};

/** A requested operation, before it has a number. */
export type WantedOperation = {
  readonly revision?: string;
  readonly trigger: Trigger;
  /** The events of the request, once its number is known; none where an earlier request has made the operation. */
  readonly events?: (seq: number) => readonly EventDraft[];
};

/** The result of requesting an operation: its number, and whether the caller has to start it now. */
export type OperationRequest = { readonly seq: number; readonly start: boolean; readonly alreadyAsked: boolean };

/** What the end of an operation writes to the application's record; an absent field stays as it was. */
export type End = {
  readonly operation: Operation;
  readonly lastSync?: LastSync;
  /** The commit that was rendered; */
  readonly rendered?: Rendered;
  /** Whether the application has everything that it wants. */
  readonly wantsNothing?: true;
  readonly health?: HealthAtEnd;
  readonly previous?: LastSync;
  readonly held?: readonly HeldRevision[];
  /** The newest commit, where the operation has asked for it. */
  readonly seen?: SeenHead;
  /** That it has failed; null: that nothing fails any more. */
  readonly failure?: Failure | null;
  /** What has happened by this end. */
  readonly events?: readonly EventDraft[];
  /** What the application waits for; an end without it waits for nothing. */
  readonly waiting?: readonly Waiting[];
};

/** What the write of an inventory records besides. */
export type InventoryWrite = {
  /** The operation's progress. */
  readonly progress?: Operation;
  /** What the operation rendered. */
  readonly rendered?: Rendered;
  /** Where the objects are. Where that is no longer the destination, they are what is left there. */
  readonly place?: InventoryPlace;
  /** What was left in the same cluster, under another name of it: the inventory holds it now. */
  readonly merged?: readonly LeftInventory[];
};

export type Acquisition =
  | { readonly status: 'acquired'; readonly lease: Lease; readonly record: ApplicationRecord }
  /** Another operation holds it until then. */
  | { readonly status: 'held'; readonly by: number; readonly expiresAt: string }
  /** The operation has ended, or a newer one was requested: the successor, which the caller starts (starting it twice does no harm). */
  | { readonly status: 'ended'; readonly successor?: number };
