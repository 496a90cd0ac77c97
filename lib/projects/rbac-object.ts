// Objects that give rights in a cluster, and their text. In: roles and who has them. Out: YAML for kubectl apply; each item is on a line of its own.

/** What kubectl applies. */
export type RightsObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
};

/** A rule of a role. */
export type RbacRule = {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
};

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** What server-side apply, diffs, waiting and pruning need. */
export const WRITE_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const;

export type Subject = { readonly kind: 'Group' | 'User'; readonly name: string };

type Named = { readonly name: string; readonly namespace?: string };

/** A Role where a namespace is given, else a ClusterRole. */
export function role(metadata: Named, rules: readonly RbacRule[]): RightsObject {
  return { apiVersion: `${RBAC_GROUP}/v1`, kind: kindOf(metadata, 'Role'), metadata, rules };
}

/** A binding of the role of the same name; in a namespace, of a ClusterRole where `of` says so. */
export function bindingTo(metadata: Named, { kind, name }: Subject, of = kindOf(metadata, 'Role')): RightsObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: kindOf(metadata, 'RoleBinding'),
    metadata,
    roleRef: { apiGroup: RBAC_GROUP, kind: of, name: metadata.name },
    subjects: [{ apiGroup: RBAC_GROUP, kind, name }],
  };
}

function kindOf({ namespace }: Named, kind: string): string {
  return namespace === undefined ? `Cluster${kind}` : kind;
}

/** The objects as documents of one file. */
export function formatObjects(objects: readonly RightsObject[]): string {
  return objects.map(formatObject).join('---\n');
}

function formatObject(object: RightsObject): string {
  return Object.entries(object)
    .map(([field, value]) => (Array.isArray(value) ? formatList(field, value) : `${field}: ${flow(value)}\n`))
    .join('');
}

function formatList(field: string, items: readonly unknown[]): string {
  if (items.length === 0) return `${field}: []\n`;
  return `${field}:\n${items.map((item) => `  - ${flow(item)}\n`).join('')}`;
}

function isPlain(text: string): boolean {
  return /^[a-zA-Z][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text);
}

/** JSON is YAML; plain words need no quotes, unless a reader of YAML 1.1 takes them for something else. */
function flow(value: unknown): string {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([field, inner]) => `${field}: ${flow(inner)}`).join(', ')} }`;
}

/** Resources of the core group that hand out no rights, but Secrets. */
export const CORE_RESOURCES = [
  'configmaps',
  'endpoints',
  'events',
  'limitranges',
  'namespaces',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'podtemplates',
  'replicationcontrollers',
  'resourcequotas',
  'serviceaccounts',
  'services',
] as const;
