import type { FieldChange } from './change-set.ts';
import type { ObjectId } from './kube-object.ts';
import type { ObservedHealth } from './observed-health.ts';

/**
 * How a live object differs from what was deployed: `modified` in fields, `missing` altogether, `extra` with our label although no inventory has it,
 * `takenOver` where the values are right but another field manager owns them.
 */
export type DriftKind = 'modified' | 'missing' | 'extra' | 'takenOver';

/** Who changed an object: its managed fields name the manager, the audit log also the user. Times are ISO 8601. */
export type Author = {
  readonly manager?: string;
  /** `Apply` or `Update`, with the subresource where it was one: `Update scale`. */
  readonly operation?: string;
  readonly at?: string;
  readonly user?: string;
  readonly verb?: string;
  readonly sourceIp?: string;
};

/** What is done about a drifted object. */
export type DriftHandling = 'correct' | 'report';

/** One object that is not as it was deployed. */
export type DriftedObject = {
  readonly id: ObjectId;
  readonly apiVersion: string;
  readonly drift: DriftKind;
  /** `from` is what is live, `to` what was deployed; empty unless fields differ. Values of Secrets are masked. */
  readonly fields: readonly FieldChange[];
  readonly by: readonly Author[];
  /** When it came about, as far as that is known; else when it was first seen. */
  readonly since: string;
  /** The scan that saw it first. */
  readonly firstSeen: { readonly scan: string; readonly at: string };
  readonly handling: DriftHandling;
  readonly note?: string;
};

/** Corrections of one application that did not last. */
export type CorrectionState = {
  /** Corrections in a row after which the same objects had drifted again. */
  readonly attempts: number;
  /** Sequence of the newest correction. */
  readonly seq: number;
  /** No correction before this time. */
  readonly notBefore: string;
  /** Set when the deployer has given up: the managers that change the objects back each time. Ends when someone asks for a sync or resumes. */
  readonly fighting?: { readonly managers: readonly string[]; readonly since: string };
  /** Set instead, and for as long, where the corrections themselves failed: how the newest did. */
  readonly failing?: { readonly message: string; readonly since: string };
};

/** What the scans know about one application's drift. */
export type DriftRecord = {
  readonly app: string;
  /** Raised by each write; a write is conditional on the version that was read. 0 before the first. */
  readonly version: number;
  readonly status: 'InSync' | 'Drifted' | 'Unknown';
  /** Why the status is Unknown: the cluster cannot be reached, a kind cannot be listed. */
  readonly reason?: string;
  /** Since when the status is what it is. */
  readonly since: string;
  readonly scannedAt: string;
  /** Name of the scan that wrote this. */
  readonly scan: string;
  /** When every object was dry-run the last time, also those whose versions have not moved. */
  readonly checkedInFullAt?: string;
  /** The drifted objects, at most {@link MAX_RECORDED_DRIFT}; `count` is of all. */
  readonly objects: readonly DriftedObject[];
  readonly count: number;
  readonly correction?: CorrectionState;
  /** The health that a scan has seen; absent before the first that looked. */
  readonly health?: ObservedHealth;
};

/** Drifted objects that a record names; with more, something larger is wrong than a table of objects can tell. */
export const MAX_RECORDED_DRIFT = 200;

/** An object of an application that is not configured; an older version did not record which one. */
export type Orphan = ObjectId & { readonly app?: string };

/** What the scans know about one cluster. */
export type ClusterRecord = {
  readonly cluster: string;
  readonly status: 'Reachable' | 'Unknown';
  readonly reason?: string;
  readonly since: string;
  readonly scan: string;
  readonly startedAt: string;
  /** When the last scan that looked at every application ended. */
  readonly completedAt?: string;
  readonly ms: number;
  /** The application that a scan which ran out of time looked at last; the next one goes on after it. */
  readonly cursor?: string;
  /** Objects with our label whose application is not configured for the cluster. */
  readonly orphans: readonly Orphan[];
  /** How many there are, where the record has not all of them. */
  readonly orphanCount?: number;
  /** When the scan began that listed them. */
  readonly orphansAt?: string;
};
