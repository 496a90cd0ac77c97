import { DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import { formatRef } from '../model/kube-object.ts';

/** The resource of a request; without a `name` it is a list or a watch. */
export type RequestTarget = {
  readonly verb: 'get' | 'list' | 'watch' | 'patch' | 'delete';
  readonly kind: ServedKind;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
};

type Named = { readonly kind: ServedKind; readonly namespace?: string | undefined; readonly name: string };

/** Names a target in messages: `Deployment/shop/api`, `deployments.apps in namespace shop`. */
export function formatTarget({ kind, namespace, name }: RequestTarget): string {
  if (name !== undefined) return formatRef(namespace === undefined ? { ...kind, name } : { ...kind, name, namespace });
  const resource = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
  return namespace === undefined ? resource : `${resource} in namespace ${namespace}`;
}

/** Path of a kind's list, in one namespace or in all. */
export function collectionPath(kind: ServedKind, namespace?: string): string {
  const group = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  if (namespace === undefined || !kind.namespaced) return `${group}/${kind.plural}`;
  return `${group}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`;
}

/** Path of an object; throws ManifestInvalid where its name cannot be part of a path. */
export function objectPath(target: Named): string {
  const problem = identityProblem(target);
  if (problem !== undefined) {
    const ref = formatTarget({ verb: 'get', ...target });
    throw new DriftlessError('ManifestInvalid', `${ref}: ${problem.field} ${problem.message}`);
  }
  return `${collectionPath(target.kind, target.namespace)}/${encodeURIComponent(target.name)}`;
}

/**
 * Why an object cannot be addressed; undefined where it can. The API server decodes `%2F` before it routes, so a name with a slash would reach a subresource
 * or another object, and an empty one the whole collection: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function identityProblem({
  kind,
  namespace,
  name,
}: Named): { readonly field: string; readonly message: string } | undefined {
  if (kind.namespaced && namespace === undefined)
    return { field: 'metadata.namespace', message: `is missing; ${kind.kind} is a namespaced kind` };
  const segments = [
    { field: 'metadata.name', value: name },
    { field: 'metadata.namespace', value: namespace ?? 'none' },
  ];
  const bad = segments.find(({ value }) => value === '' || value === '.' || value === '..' || /[/%]/.test(value));
  return (
    bad && {
      field: bad.field,
      message: `"${bad.value}" is not a name; it must not be empty, ".", ".." or contain / or %`,
    }
  );
}
