import type { Destination, SyncOptions } from './application.ts';
import type { DriftRecord } from './drift.ts';
import type { Standing } from './head.ts';
import type { HealthStatus } from './health.ts';
import type { OutcomeStatus, Trigger } from './operation.ts';

/** What a list shows of an application, without its record. */
export type ApplicationSummary = {
  readonly name: string;
  readonly project: string;
  readonly destination: Destination;
  readonly mode: SyncOptions['mode'];
  /** The newest operation; absent before the first. While it is open, it has no status. */
  readonly newest?: {
    readonly seq: number;
    readonly trigger?: Trigger['kind'];
    readonly status?: OutcomeStatus;
    /** ISO 8601, to the second; present while it is open. */
    readonly requestedAt?: string;
    /** ISO 8601, to the second; present once it has ended. */
    readonly endedAt?: string;
  };
  /** The first twelve digits of the commit that is deployed. */
  readonly revision?: string;
  readonly health?: HealthStatus;
  /** Without an end, the suspension lasts until it is resumed. */
  readonly suspended?: { readonly until?: string };
  /** The number of held commits. */
  readonly held: number;
  /** Whether deletions of objects that Git no longer has are under way. */
  readonly deleting: boolean;
  /** Whether objects are left in clusters that were the destination before. */
  readonly moved: boolean;
  /** Whether Git has something that is not deployed, or no longer says what it has. */
  readonly head?: Standing;
  /** What the scans have recorded; absent before they record anything. */
  readonly drift?: {
    readonly status: DriftRecord['status'] | 'Off';
    readonly count: number;
    /** Of the recorded objects, those that a correction leaves as they are. */
    readonly reported: number;
    /** ISO 8601, to the second. */
    readonly scannedAt?: string;
  };
};
