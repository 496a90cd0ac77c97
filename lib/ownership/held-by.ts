import type { KubeObject } from '../model/kube-object.ts';

/** The conditions of a Namespace that name what keeps it from ending, the most telling first. */
const NAMESPACE_CONDITIONS = [
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
  'NamespaceDeletionContentFailure',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
];

/** What holds an object that is being deleted: its finalizers, or what is left in a Namespace; empty where only time passes. */
export function heldBy({ metadata: { finalizers = [] }, status }: Pick<KubeObject, 'metadata' | 'status'>): string {
  if (finalizers.length > 0) return finalizers.join(', ');
  const conditions = conditionsOf(status);
  const found = NAMESPACE_CONDITIONS.map((type) =>
    conditions.find((one) => one['type'] === type && one['status'] === 'True'),
  ).find((condition) => condition !== undefined);
  const message = found?.['message'];
  return typeof message === 'string' ? message : '';
}

function conditionsOf(status: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isRecord(status) || !Array.isArray(status['conditions'])) return [];
  return status['conditions'].filter(isRecord);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
