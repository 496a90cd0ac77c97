// In: a project, and the deployer's name. Out: the objects that give the project's user its rights in a cluster, and let the deployer act as it. They are as
// narrow as RBAC can say: by API group and resource, and by name where no glob is in it. What RBAC cannot say, the check of each object does.

import { CLUSTER_SCOPED } from '../model/cluster-scoped.ts';
import type { KindRule, Project } from '../model/configuration.ts';
import { matchesPathGlob } from '../model/path-glob.ts';
import { projectBinding, projectUser } from '../model/project-user.ts';
import { denial } from './admission.ts';
import { destinationProblem } from './permissions.ts';
import { bindingTo, RBAC_GROUP, type RbacRule, type RightsObject, role, WRITE_VERBS } from './rbac-object.ts';

/** What a project needs in a cluster. */
export function projectRights(project: Project, deployer: string, cluster: string): readonly RightsObject[] {
  const user = projectUser(deployer, project.name);
  const subject = { kind: 'User', name: user.user } as const;
  const clusterScoped = { name: `${user.user}:cluster` };
  const clusterRules = (project.clusterResources?.allow ?? []).flatMap(clusterScopedRules);
  return [
    role({ name: user.user }, namespacedRules(project)),
    ...namespacesOf(project, cluster).map((namespace) => projectBinding(user, namespace)),
    ...(clusterRules.length > 0 ? [role(clusterScoped, clusterRules), bindingTo(clusterScoped, subject)] : []),
    ...deployerPart(user, deployer),
  ];
}

/** The deployer acts as this user and no other one, and binds this role and no other one. */
function deployerPart({ user, group }: ReturnType<typeof projectUser>, deployer: string): readonly RightsObject[] {
  const name = `${user}:deployer`;
  const rules: readonly RbacRule[] = [
    { apiGroups: [''], resources: ['users'], resourceNames: [user], verbs: ['impersonate'] },
    { apiGroups: [''], resources: ['groups'], resourceNames: [group], verbs: ['impersonate'] },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
    { apiGroups: [RBAC_GROUP], resources: ['rolebindings'], resourceNames: [user], verbs: ['get', 'create', 'patch'] },
    { apiGroups: [RBAC_GROUP], resources: ['clusterroles'], resourceNames: [user], verbs: ['get', 'bind'] },
  ];
  return [role({ name }, rules), bindingTo({ name }, { kind: 'Group', name: deployer }), ...onlyOwnUsers(deployer)];
}

/** The deployer may bind a project's role to the project's user, and not to an account of a push. */
function onlyOwnUsers(deployer: string): readonly RightsObject[] {
  const rule = { apiGroups: [RBAC_GROUP], apiVersions: ['*'], resources: ['rolebindings'] };
  return denial(deployer, {
    name: `${deployer}-project-bindings`,
    matched: { resourceRules: [{ ...rule, operations: ['CREATE', 'UPDATE'] }] },
    where: `object.metadata.name.startsWith('${deployer}:project:')`,
    unless:
      "object.roleRef.kind == 'ClusterRole' && object.roleRef.name == object.metadata.name && object.subjects.all(s, s.kind == 'User' && s.name == object.metadata.name)",
    message: "the binding of a project is for the project's user alone",
  });
}

/** Namespaces that are named; those of a glob get their binding when something is deployed there. */
function namespacesOf(project: Project, cluster: string): readonly string[] {
  const named = project.destinations.map(({ namespace }) => namespace).filter((name) => !isGlob(name));
  return [...new Set(named)].filter((namespace) => destinationProblem(project, { cluster, namespace }) === undefined);
}

/** In a namespace that is the project's, its user may do everything with the kinds that are permitted. */
function namespacedRules({ namespaceResources }: Project): readonly RbacRule[] {
  const allow = namespaceResources?.allow;
  if (allow === undefined) return [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  return allow.map(({ group, kind }) => ({
    apiGroups: [isGlob(group) ? '*' : group],
    resources: [isGlob(kind) ? '*' : pluralOf(kind)],
    verbs: ['*'],
  }));
}

/** A `*` would be a right to the objects in all namespaces as well, so that a glob stands for the kinds of the API server that it matches. */
function clusterScopedRules({ group, kind, name }: KindRule): readonly RbacRule[] {
  const kinds = isGlob(group) || isGlob(kind) ? builtIn(group, kind) : [[group, kind] as const];
  const named = isGlob(name) ? {} : { resourceNames: [name] };
  return kinds.map(([apiGroup, one]) => ({
    apiGroups: [apiGroup],
    resources: [pluralOf(one)],
    ...named,
    verbs: WRITE_VERBS,
  }));
}

function builtIn(group: string, kind: string): readonly (readonly [string, string])[] {
  return [...CLUSTER_SCOPED]
    .map((key) => [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)] as const)
    .filter(([apiGroup, one]) => fits(group, apiGroup) && fits(kind, one));
}

function fits(glob: string, text: string): boolean {
  return glob.startsWith('!') ? !matchesPathGlob(glob.slice(1), text) : matchesPathGlob(glob, text);
}

function isGlob(text: string): boolean {
  return text.startsWith('!') || text.includes('*');
}

/** The resource of a kind, as the API server's own and nearly all others are called. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
