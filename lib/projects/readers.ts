// In: the deployer's name, and the API groups of what it deploys. Out: the objects that let its function for live objects read them, and nothing else: never Secrets.
import { bindingTo, CORE_RESOURCES, RBAC_GROUP, type RbacRule, type RightsObject, role } from './rbac-object.ts';

/** The Kubernetes group of the function that reads live objects for people. */
export function readersGroup(deployer: string): string {
  return `${deployer}:readers`;
}

const VERBS = ['get', 'list', 'watch'] as const;

/** Groups of the API server itself that applications have objects of. */
const BUILT_IN = [
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
] as const;

/** Groups in which each resource would be more than objects. */
const NEVER: readonly string[] = ['', '*'];

/**
 * What lets live objects be read: the built-in role `view`, the groups that are named, and the logs of pods.
 * @param namespaces where the deployer has rights in some only; the reader has none elsewhere
 */
export function readerRights(
  deployer: string,
  apiGroups: readonly string[],
  namespaces?: readonly string[],
): readonly RightsObject[] {
  const name = readersGroup(deployer);
  const subject = { kind: 'Group', name } as const;
  const groups = [...new Set([...BUILT_IN, ...apiGroups.filter((group) => !NEVER.includes(group))])].sort();
  const rules: readonly RbacRule[] = [
    { apiGroups: [''], resources: CORE_RESOURCES, verbs: VERBS },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    { apiGroups: groups, resources: ['*'], verbs: VERBS },
  ];
  const places = namespaces === undefined ? [{}] : namespaces.map((namespace) => ({ namespace }));
  const bindings = places.flatMap((place) => [
    bindingTo({ name, ...place }, subject, 'ClusterRole'),
    { ...bindingTo({ name: `${name}:view`, ...place }, subject), roleRef: VIEW },
  ]);
  return [role({ name }, rules), ...bindings];
}

const VIEW = { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'view' };
