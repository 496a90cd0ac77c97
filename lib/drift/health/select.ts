// In: the objects of one application, as the lists of a scan have them. Out: those whose health has to be looked at, because they have moved since the last look or were
// not Healthy then; the health of the others is known without a request. Pure.
import type { ObjectHealth } from '../../health/aggregate.ts';
import { healthOf } from '../../health/health.ts';
import { hasHealth } from '../../health/without-health.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey, type KubeObject } from '../../model/kube-object.ts';
import type { ScanTarget } from '../targets.ts';
import { type ComparedVersions, stampOf, versionOf, versionsKnown, wasUnwell, wasWell } from '../unchanged-index.ts';

export type HealthSelection = {
  /** Objects to read in full. */
  readonly looks: readonly InventoryEntry[];
  /** Objects that the lists do not have. */
  readonly absent: readonly InventoryEntry[];
  /** Objects that are known not to be Healthy without a look. */
  readonly known: readonly ObjectHealth[];
  /** How many objects exist, or may exist. */
  readonly existing: number;
  /** Whether the next scan has to be told that every object was looked at, since no operation says that they were Healthy. */
  readonly marks: boolean;
};

/** Selects the objects of one application, one after another. */
export class HealthSelector {
  readonly #target: ScanTarget;
  readonly #versions: ComparedVersions['versions'];
  /** Identities of objects that were not Healthy at the last look. */
  readonly #unwell: ReadonlySet<string>;
  readonly #isWhole: boolean;
  readonly #marks: boolean;
  readonly #looks: InventoryEntry[] = [];
  readonly #absent: InventoryEntry[] = [];
  readonly #known: ObjectHealth[] = [];
  #existing = 0;

  constructor(target: ScanTarget, known: ComparedVersions | undefined) {
    this.#target = target;
    this.#versions = versionsKnown(known, target);
    this.#unwell = new Set(Object.keys(this.#versions).filter((key) => wasUnwell(this.#versions[key] ?? '')));
    this.#marks = !endedHealthy(target);
    this.#isWhole = target.isFull || (this.#marks && !isLookedAt(target, known));
  }

  /** An object in the version that was applied. An operation that ended Healthy has seen it so, or a scan has looked at it. */
  applied(entry: InventoryEntry): void {
    if (entry.released) return;
    this.#existing += 1;
    if (!this.#isWhole && this.#unwell.size === 0) return;
    if (this.#canBeBad(entry) && (this.#isWhole || this.#unwell.has(idKey(entry)))) this.#looks.push(entry);
  }

  unreadable(entry: InventoryEntry, reason: string): void {
    if (entry.released || entry.finished) return;
    this.#existing += 1;
    this.#known.push({ id: entry, health: { status: 'Unknown', message: reason, reason: 'Unreadable' } });
  }

  absent(entry: InventoryEntry): void {
    if (!entry.released && !entry.finished) this.#absent.push(entry);
  }

  /** An object of which the lists have the metadata. */
  listed(entry: InventoryEntry, key: string, object: KubeObject): void {
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    if (entry.released && !isLeaving) return;
    this.#existing += 1;
    if (entry.ignoresHealth) return;
    if (isLeaving) this.#known.push({ id: entry, health: healthOf(object) });
    else if (this.#canBeBad(entry) && !this.#wasWell(key, object)) this.#looks.push(entry);
  }

  selection(): HealthSelection {
    const [looks, absent, known] = [this.#looks, this.#absent, this.#known];
    return { looks, absent, known, existing: this.#existing, marks: this.#marks };
  }

  #canBeBad(entry: InventoryEntry): boolean {
    return hasHealth(entry) || this.#target.judge.rules?.(entry) !== undefined;
  }

  #wasWell(key: string, { metadata }: KubeObject): boolean {
    return !this.#target.isFull && wasWell(this.#versions[key], versionOf(metadata));
  }
}

/** Whether the last operation has seen every object Healthy, by the rules that everyone has. */
function endedHealthy({ record, lastSync, judge }: ScanTarget): boolean {
  return judge.rules === undefined && record.health?.status === 'Healthy' && lastSync.seq === record.desiredSeq;
}

/** Whether a scan has looked at the objects that have not moved since they were applied, too. */
function isLookedAt(target: ScanTarget, known: ComparedVersions | undefined): boolean {
  return known?.looked === true && known.stamp === stampOf(target);
}
