import type { KubeObject } from '../model/kube-object.ts';
import { groupOf, kindKey } from '../model/kube-object.ts';
import { healthOf } from './health.ts';

/** Kinds whose objects do their work once and end. */
const ENDING = new Set(['batch/Job', '/Pod', 'argoproj.io/Workflow']);

/** Whether an object has done its work, so that its time to live, or whoever cleans up, may remove it. One that failed has not. */
export function isFinished(object: KubeObject): boolean {
  if (!ENDING.has(kindKey({ group: groupOf(object.apiVersion), kind: object.kind }))) return false;
  if (object.kind === 'Pod') return field(object.status, 'phase') === 'Succeeded';
  // What removes it may have begun to.
  const { deletionTimestamp: _, ...metadata } = object.metadata;
  return healthOf({ ...object, metadata }).status === 'Healthy';
}

/** Whether an object of the manifest may be gone soon after its end. */
export function vanishesSoon({ kind, spec }: KubeObject, seconds: number): boolean {
  const ttl = kind === 'Job' ? field(spec, 'ttlSecondsAfterFinished') : undefined;
  return typeof ttl === 'number' && ttl <= seconds;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
