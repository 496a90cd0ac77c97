import type { ServedKind } from '../model/cluster-api.ts';
import { CLUSTER_SCOPED } from '../model/cluster-scoped.ts';
import { groupOf } from '../model/kube-object.ts';

/** A group of the API server itself: without a dot, or of k8s.io. */
const BUILT_IN = /^[^.]*$|\.k8s\.io$/;

/** Whether the API server itself serves a group. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN.test(group);
}

/** A kind as any cluster serves it. Undefined for a kind that is not built in: a CRD in the same rendering may define it. */
export function builtinKind(apiVersion: string, kind: string): ServedKind | undefined {
  if (!isBuiltInGroup(groupOf(apiVersion))) return undefined;
  return offlineKind(apiVersion, kind);
}

/** The same, but a kind that is not built in counts as namespaced, as most are. */
export function offlineKind(apiVersion: string, kind: string): ServedKind {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return { group, version, kind, plural: '', namespaced: !CLUSTER_SCOPED.has(`${group}/${kind}`) };
}
