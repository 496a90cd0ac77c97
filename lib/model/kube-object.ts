/** An entry of `metadata.managedFields`: who set which fields, when. */
export type ManagedFieldsEntry = {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
};

type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
};

/** The part of `metadata` that every kind has. */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
};

/** A Kubernetes object as Git has it or the API server sends it; only the fields that every kind has are typed. */
export type KubeObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: unknown;
  readonly [field: string]: unknown;
};

/** A kind without its version: two versions of one kind are the same objects. The core group is ''. */
export type GroupKind = { readonly group: string; readonly kind: string };

/** What makes an object the same object, whatever version it is written in. */
export type ObjectId = GroupKind & { readonly namespace?: string; readonly name: string };

/** The group of an `apiVersion`: `apps/v1` → `apps`, `v1` → ''. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The identity of an object. */
export function idOf(object: KubeObject): ObjectId {
  const { name, namespace } = object.metadata;
  const id = { group: groupOf(object.apiVersion), kind: object.kind, name };
  return namespace === undefined ? id : { ...id, namespace };
}

/** An identity as a map key: `apps/Deployment/shop/api`; cluster-scoped objects have an empty namespace. */
export function idKey({ group, kind, namespace = '', name }: ObjectId): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** A kind as a map key: `apps/Deployment`. */
export function kindKey({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

/** Names an object in every message, log and report: `Deployment/shop/api`. */
export function formatRef({ kind, namespace, name }: ObjectId): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
