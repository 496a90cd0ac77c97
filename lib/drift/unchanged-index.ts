// Versions of objects that have changed since they were applied and were compared and looked at then, so that the next scan sends no request for them. Facts only:
// this version of this object was in sync, or had drifted, and was Healthy or not, as long as the application is the same. If the index is lost, the objects are
// compared and looked at again.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ObjectMeta } from '../model/kube-object.ts';
import type { Log } from '../ports/runtime.ts';
import type { Blobs } from '../ports/store.ts';
import { JsonBlobs } from '../runtime/json-blobs.ts';
import type { Judge } from './health/judge.ts';

/** Of one application: versions by identity; see {@link versionOf}. */
export type ComparedVersions = {
  /** Inventory and specification of the application at that time, and how objects were judged. */
  readonly stamp: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Objects of the last correction. */
  readonly corrected?: readonly string[];
  /** Whether the health of every object was looked at, also of those that are as they were applied. */
  readonly looked?: true;
};

/** By application. */
export type UnchangedIndex = Readonly<Record<string, ComparedVersions>>;

/** Stands for an object that is absent and in sync all the same: a hook that has removed itself. */
export const ABSENT = '-';

/** Marks a version that had drifted. */
export const DRIFTED = '!';

/** Marks a version that was not Healthy, at the end. */
const UNWELL = '?';

/** The same version, marked as not Healthy or as Healthy. */
export function markedUnwell(version: string, isUnwell: boolean): string {
  const compared = comparedVersion(version);
  return isUnwell ? `${compared}${UNWELL}` : compared;
}

/** A recorded version without what it says of the health. */
export function comparedVersion(version: string): string {
  return version.endsWith(UNWELL) ? version.slice(0, -UNWELL.length) : version;
}

/** Whether an object was Healthy in this very version, as far as a recorded version says. */
export function wasWell(recorded: string | undefined, version: string): boolean {
  return recorded === version || recorded === DRIFTED + version;
}

/** Whether a recorded version says that the object was not Healthy. */
export function wasUnwell(recorded: string): boolean {
  return recorded.endsWith(UNWELL);
}

/** One version of one object. */
export function versionOf({ uid = '', resourceVersion = '' }: Pick<ObjectMeta, 'uid' | 'resourceVersion'>): string {
  return `${uid}/${resourceVersion}`;
}

/** Raised when a version has to say more than it did. */
const FORM = 2;

type Stamped = { readonly record: ApplicationRecord; readonly judge: Pick<Judge, 'hash'> };

/** The stamp of an application; the versions hold as long as it is the same. */
export function stampOf({ record: { inventory, specHash }, judge }: Stamped): string {
  return [inventory?.generation ?? 0, specHash, FORM, ...(judge.hash === '' ? [] : [judge.hash])].join(' ');
}

/** The versions of an application that were compared, as long as it is what it was then. */
export function versionsKnown(known: ComparedVersions | undefined, target: Stamped): ComparedVersions['versions'] {
  return known?.stamp === stampOf(target) ? known.versions : {};
}

/** The indexes of all clusters, in the blob store and in the process. */
export class ScanMemory {
  readonly #kept: JsonBlobs<UnchangedIndex>;
  readonly #log: Log;

  constructor(blobs: Blobs, log: Log) {
    this.#kept = new JsonBlobs(blobs);
    this.#log = log;
  }

  /** A cluster's index; empty where it does not exist or cannot be read. */
  async of(cluster: string): Promise<UnchangedIndex> {
    try {
      return (await this.#kept.find(keyOf(cluster))) ?? {};
    } catch (thrown) {
      const reason = asDriftlessError(thrown).message;
      this.#log.warn('could not read the index of earlier scans', { cluster, reason });
      return {};
    }
  }

  /** Stores an index where it has changed. */
  async keep(cluster: string, before: UnchangedIndex, now: UnchangedIndex): Promise<void> {
    if (JSON.stringify(before) !== JSON.stringify(now)) await this.#kept.put(keyOf(cluster), now);
  }
}

function keyOf(cluster: string): string {
  return `drift/${cluster}/seen`;
}
