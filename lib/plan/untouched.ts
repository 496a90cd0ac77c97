import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { DEPLOYER_LABEL } from '../ownership/labels.ts';
import type { Desired } from './desired.ts';

/**
 * Whether an object needs no request: Git wants what was applied, and the live object is still what the server answered then. Where only
 * its status has moved on, the resourceVersion differs but the generation does not, and the labels and annotations that we set are in place.
 * @param live metadata alone is enough
 */
export function isUntouched(
  desired: Desired,
  entry: InventoryEntry | undefined,
  live: KubeObject | undefined,
): boolean {
  if (entry?.hash !== desired.hash || live === undefined) return false;
  const { uid, resourceVersion, generation, deletionTimestamp } = live.metadata;
  if (entry.uid === undefined || uid !== entry.uid || deletionTimestamp !== undefined) return false;
  if (resourceVersion === entry.resourceVersion) return true;
  return generation !== undefined && generation === entry.generation && keepsMetadata(desired.object, live);
}

function keepsMetadata(desired: KubeObject, live: KubeObject): boolean {
  const {
    labels: { [DEPLOYER_LABEL]: _, ...labels } = {},
    annotations,
    finalizers,
    ownerReferences,
  } = desired.metadata;
  return (
    finalizers === undefined &&
    ownerReferences === undefined &&
    contains(live.metadata.labels, labels) &&
    contains(live.metadata.annotations, annotations)
  );
}

function contains(whole: Readonly<Record<string, string>> = {}, part: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(part).every(([key, value]) => whole[key] === value);
}

/** Whether an object that is not there was seen to finish in the form that Git wants: it does not run again. */
export function hasFinished(
  { hash }: Desired,
  entry: InventoryEntry | undefined,
): entry is InventoryEntry & { finished: true } {
  return entry?.finished === true && entry.hash === hash;
}
