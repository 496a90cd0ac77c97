// In: a cluster and what may be deployed there. Out: the Kubernetes objects that grant this to the deployer's group, as YAML for kubectl apply. The stack
// does not manage them, so nothing in a cluster changes when the stack is removed.
import type { ClusterSettings, Settings } from './context.ts';
import { accountOf } from './targets.ts';

const ALL_VERBS = '[get, list, watch, create, update, patch, delete]';

/** Reads custom resource definitions, which every deployment needs. */
const DEFINITIONS = `  - apiGroups: [apiextensions.k8s.io]
    resources: [customresourcedefinitions]
    verbs: [get, list, watch]`;

/** The name of the deployer's Kubernetes group, and the prefix of its users before the colon. */
export function groupOf({ name }: { readonly name: string }): string {
  return name;
}

/** A file for each cluster, by name. */
export function rbacFiles(settings: Settings): ReadonlyMap<string, string> {
  const group = groupOf(settings);
  return new Map(
    settings.clusters.map(({ name, region, roleArn, tenancy }) => [
      [name, ...[accountOf(roleArn) ?? []].flat(), region, 'yaml'].join('.'),
      rbacManifests(group, tenancy),
    ]),
  );
}

/** Manifests for one cluster. */
function rbacManifests(group: string, tenancy: ClusterSettings['tenancy']): string {
  const documents = tenancy === 'cluster' ? clusterWide(group) : inNamespaces(group, tenancy.namespaces);
  return `${documents.join('\n---\n')}\n`;
}

/** Everything; Kubernetes does not allow the deployer to grant permissions that it does not have. */
function clusterWide(group: string): readonly string[] {
  return [
    role({ group, rules: `  - apiGroups: ['*']\n    resources: ['*']\n    verbs: ${ALL_VERBS}` }),
    binding({ group }),
  ];
}

function inNamespaces(group: string, namespaces: readonly string[]): readonly string[] {
  const own = `  - apiGroups: ['']
    resources: [namespaces]
    resourceNames: [${namespaces.join(', ')}]
    verbs: [get]`;
  return [
    role({ group, rules: `${own}\n${DEFINITIONS}` }),
    binding({ group }),
    ...namespaces.flatMap((namespace) => [
      role({ group, namespace, rules: `  - apiGroups: ['*']\n    resources: ['*']\n    verbs: ${ALL_VERBS}` }),
      binding({ group, namespace }),
    ]),
  ];
}

type Named = { readonly group: string; readonly namespace?: string };

function role({ group, namespace, rules }: Named & { readonly rules: string }): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${namespace === undefined ? 'ClusterRole' : 'Role'}
metadata:
${metadata({ group, ...(namespace !== undefined && { namespace }) })}
rules:
${rules}`;
}

function binding(named: Named): string {
  const kind = named.namespace === undefined ? 'ClusterRole' : 'Role';
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
metadata:
${metadata(named)}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind}
  name: ${named.group}
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: ${named.group}`;
}

function metadata({ group, namespace }: Named): string {
  return namespace === undefined ? `  name: ${group}` : `  name: ${group}\n  namespace: ${namespace}`;
}
