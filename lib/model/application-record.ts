import type { Application } from './application.ts';
import type { Health } from './health.ts';
import type { OutcomeStatus } from './operation.ts';

/** The right to write for an application: whoever holds the highest fence, until it expires. */
export type Lease = {
  readonly app: string;
  /** Sequence of the operation that holds it. */
  readonly seq: number;
  /** Grows with each acquisition; every write of state is conditional on it. */
  readonly fence: number;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Whose it is where several deployers share one state; only the same one may take up an operation before the lease has expired. */
  readonly worker?: string;
};

/** A file or folder of the repository that a rendering was made from, with its Git object id. */
export type SourceInput = { readonly path: string; readonly oid: string };

/** What the last operation that reached the cluster left there. */
export type LastSync = {
  readonly revision: string;
  readonly seq: number;
  /** Hash of the Application that it was made with. */
  readonly specHash: string;
  /** Everything that the rendering was made from; unchanged inputs make an unchanged rendering. */
  readonly inputs: readonly SourceInput[];
  /** Blob key of the rendered objects. */
  readonly renderedKey: string;
  readonly status: OutcomeStatus;
};

/** An application with its state. */
export type ApplicationRecord = {
  readonly app: Application;
  readonly specHash: string;
  /** The newest operation that was asked for before the specification came; none has deployed it where there is no newer one. */
  readonly specSeq?: number;
  /** The newest operation that was asked for; 0 before the first. */
  readonly desiredSeq: number;
  /** The commit that the newest push named; a hint. */
  readonly desiredRevision?: string;
  readonly lease?: Lease;
  readonly lastSync?: LastSync;
  readonly health?: Health;
};

/** The result of asking for an operation: its number, and whether it is the caller's to start now. */
export type OperationRequest = { readonly seq: number; readonly start: boolean; readonly alreadyAsked: boolean };

export type Acquisition =
  | { readonly status: 'acquired'; readonly lease: Lease; readonly record: ApplicationRecord }
  /** Another operation holds it until then. */
  | { readonly status: 'held'; readonly by: number; readonly expiresAt: string }
  /** The operation has ended, or a newer one was asked for: the successor, which is the caller's to start (starting it twice does no harm). */
  | { readonly status: 'ended'; readonly successor?: number };
