// What a scan learned of objects that have moved on since they were applied, so that the next one does not ask again. Facts only: this version of this object
// was in sync, or drifted, as long as the application is the same. It may be lost at any time; then they are judged anew.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ObjectMeta } from '../model/kube-object.ts';
import type { Log } from '../ports/runtime.ts';
import type { Blobs } from '../ports/store.ts';
import { Kept } from '../runtime/json-blobs.ts';

/** Of one application: versions by identity; see {@link versionOf}. */
export type SeenApp = {
  /** What the application was then: its inventory and its specification. */
  readonly stamp: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Objects that the last correction was for. */
  readonly corrected?: readonly string[];
};

/** By application. */
export type Seen = Readonly<Record<string, SeenApp>>;

/** Stands for an object that is not there, and is not missed either: a hook that has removed itself. */
export const NOT_MISSED = '-';

/** Marks a version that had drifted. */
export const DRIFTED = '!';

/** One version of one object. */
export function versionOf({ uid = '', resourceVersion = '' }: Pick<ObjectMeta, 'uid' | 'resourceVersion'>): string {
  return `${uid}/${resourceVersion}`;
}

/** What must be the same for memories to hold. */
export function stampOf({ inventory, specHash }: ApplicationRecord): string {
  return `${inventory?.generation ?? 0} ${specHash}`;
}

/** The versions of an application that were judged, as long as it is what it was then. */
export function versionsKnown(seen: SeenApp | undefined, record: ApplicationRecord): SeenApp['versions'] {
  return seen?.stamp === stampOf(record) ? seen.versions : {};
}

/** The memory of all scans, in the blob store and in the process. */
export class ScanMemory {
  readonly #kept: Kept<Seen>;
  readonly #log: Log;

  constructor(blobs: Blobs, log: Log) {
    this.#kept = new Kept(blobs);
    this.#log = log;
  }

  /** A cluster's; empty where nothing is known, or what is kept cannot be read. */
  async of(cluster: string): Promise<Seen> {
    try {
      return (await this.#kept.find(keyOf(cluster))) ?? {};
    } catch (thrown) {
      this.#log.warn('could not read what earlier scans have seen', {
        cluster,
        reason: asDriftlessError(thrown).message,
      });
      return {};
    }
  }

  /** Keeps what is different now. */
  async keep(cluster: string, before: Seen, now: Seen): Promise<void> {
    if (JSON.stringify(before) !== JSON.stringify(now)) await this.#kept.put(keyOf(cluster), now);
  }
}

function keyOf(cluster: string): string {
  return `drift/${cluster}/seen`;
}
