// What a push might hold to become more than its deployer lets it be.
import type { KubeObject } from '../../lib/model/kube-object.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io/v1';

/** Names of a deployer, and of the namespace that a push may write to. */
export type Target = { readonly deployer: string; readonly namespace: string };

const rule = (verbs: readonly string[], resources = ['pods']) => ({ apiGroups: [''], resources, verbs });

function binding(kind: string, role: string, { namespace }: Target): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name: 'theirs', ...(kind === 'RoleBinding' && { namespace }) },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace, name: 'default' }],
  };
}

function role(kind: string, rules: readonly object[], { namespace }: Target, more: object = {}): KubeObject {
  const metadata = { name: 'theirs', ...(kind === 'Role' && { namespace }) };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, rules, ...more };
}

function webhook(kind: string): KubeObject {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['secrets'] }];
  const clientConfig = { url: 'https://127.0.0.1:1/' };
  const one = { name: 'a.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Ignore' };
  return {
    apiVersion: ADMISSION,
    kind,
    metadata: { name: 'theirs' },
    webhooks: [{ ...one, clientConfig, rules, namespaceSelector: { matchLabels: { never: 'there' } } }],
  };
}

function podIn(namespace: string): KubeObject {
  const containers = [{ name: 'c', image: 'i' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'theirs', namespace }, spec: { containers } };
}

/** Ways to more rights everywhere. */
export function clusterWideAttempts(target: Target): Readonly<Record<string, KubeObject>> {
  const aggregated = { metadata: { name: 'theirs', labels: { [`${RBAC}/aggregate-to-view`]: 'true' } } };
  return {
    'a binding of the own role': binding('ClusterRoleBinding', target.deployer, target),
    'a binding of cluster-admin': binding('ClusterRoleBinding', 'cluster-admin', target),
    'a ClusterRole that impersonates': role('ClusterRole', [rule(['impersonate'], ['users'])], target),
    'a ClusterRole with all verbs': role('ClusterRole', [rule(['*'])], target),
    'a ClusterRole with deletecollection': role('ClusterRole', [rule(['deletecollection'])], target),
    'a ClusterRole with escalate': role(
      'ClusterRole',
      [{ ...rule(['escalate', 'bind'], ['clusterroles']), apiGroups: [RBAC] }],
      target,
    ),
    'a ClusterRole for URLs': role('ClusterRole', [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }], target),
    'a ClusterRole that makes tokens': role('ClusterRole', [rule(['create'], ['serviceaccounts/token'])], target),
    'a ClusterRole that approves certificates': role(
      'ClusterRole',
      [{ apiGroups: ['certificates.k8s.io'], resources: ['signers'], verbs: ['approve'] }],
      target,
    ),
    'a ClusterRole that is aggregated into view': role('ClusterRole', [rule(['get'], ['secrets'])], target, aggregated),
    'a ClusterRole that aggregates': role('ClusterRole', [], target, {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    }),
    'a mutating webhook that sees Secrets': webhook('MutatingWebhookConfiguration'),
    'a validating webhook that sees Secrets': webhook('ValidatingWebhookConfiguration'),
    'an API service': {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.theirs.example.com' },
      spec: {
        group: 'theirs.example.com',
        version: 'v1',
        groupPriorityMinimum: 1000,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
        service: { namespace: target.namespace, name: 'x' },
      },
    },
    'a Pod in kube-system': podIn('kube-system'),
    'a Secret in kube-system': {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'theirs', namespace: 'kube-system' },
    },
  };
}

/** Ways to all rights in the namespace that the push may write to anyway. */
export function namespacedAttempts(target: Target): Readonly<Record<string, KubeObject>> {
  return {
    'a binding of the own role in a namespace': binding('RoleBinding', target.deployer, target),
    'a binding of cluster-admin in a namespace': binding('RoleBinding', 'cluster-admin', target),
    'a Role with all verbs': role('Role', [rule(['*'])], target),
    'a Role with deletecollection': role('Role', [rule(['deletecollection'])], target),
    'a Role that makes tokens': role('Role', [rule(['create'], ['serviceaccounts/token'])], target),
    'a Role with escalate': role('Role', [{ ...rule(['escalate', 'bind'], ['roles']), apiGroups: [RBAC] }], target),
  };
}

/** What no manifest is needed for: a verb, a resource with its group and subresource, and where. */
export const REQUESTS = [
  ['create', 'serviceaccounts/token', ''],
  ['create', 'pods/exec', ''],
  ['impersonate', 'users', ''],
  ['impersonate', 'groups', ''],
  ['update', 'certificatesigningrequests/approval', 'certificates.k8s.io'],
  ['approve', 'signers', 'certificates.k8s.io'],
  ['create', 'tokenreviews', 'authentication.k8s.io'],
  ['bind', 'clusterroles', RBAC],
  ['escalate', 'clusterroles', RBAC],
  ['deletecollection', 'pods', ''],
] as const;
