import type { ServedKind } from './cluster-api.ts';
import type { KubeObject } from './kube-object.ts';

/** The kinds that a CustomResourceDefinition will serve once it is established, one for each version; none for any other object. */
export function definedKinds(object: KubeObject): readonly ServedKind[] {
  if (object.kind !== 'CustomResourceDefinition') return [];
  const spec = fields(object.spec);
  const names = fields(spec['names']);
  const [group, kind, plural] = [spec['group'], names['kind'], names['plural']];
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string') return [];
  const namespaced = spec['scope'] === 'Namespaced';
  const versions = Array.isArray(spec['versions']) ? spec['versions'].map(fields) : [];
  return versions.flatMap(({ name: version, served }) =>
    served === true && typeof version === 'string' ? [{ group, version, kind, plural, namespaced }] : [],
  );
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
