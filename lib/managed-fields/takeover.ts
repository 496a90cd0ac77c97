// Whose fields are taken over from whom. Server-side apply removes a field only when nobody else owns it, so what a former tool owned would
// stay for ever when Git drops it; its ownership is moved to us once, as `kubectl apply --server-side` does with kubectl's own.
import type { FieldChange } from '../model/change-set.ts';
import { joinField } from '../model/field-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';

const FIELD_MANAGER = 'driftless';

/** Tools that wrote whole objects from a source. Everything that they own and Git does not have is removed. */
const DEPLOYERS = new Set([
  'kubectl',
  'kubectl-client-side-apply',
  'kubectl-create',
  'before-first-apply',
  'argocd-controller',
  'argocd-application-controller',
  'kustomize-controller',
  'helm-controller',
  'flux-client-side-apply',
  'helm',
  'Helm',
]);

/**
 * Whether a conflict with a manager is won without being asked: a deployer's, or a person's with kubectl, whose managers are `kubectl-edit`,
 * `kubectl-patch` … Anyone else's field, such as an autoscaler's, is reported instead.
 */
export function isTakenOver(manager: string): boolean {
  return DEPLOYERS.has(manager) || manager.startsWith('kubectl-');
}

/** The managedFields of a live object with everything of former deployers as ours; undefined where there is nothing to take over. */
export function managedFieldsTakenOver({
  apiVersion,
  metadata,
}: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  const entries = metadata.managedFields ?? [];
  const taken = entries.filter((entry) => isDeployers(entry, apiVersion));
  if (taken.length === 0) return undefined;
  const own = entries.find(isOurs);
  const fieldsV1 = [...taken, ...(own ? [own] : [])].map((entry) => entry.fieldsV1 ?? {}).reduce(union, {});
  const rest = entries.filter((entry) => entry !== own && !taken.includes(entry));
  return [...rest, { manager: FIELD_MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }];
}

/**
 * What taking over changes beyond the manifest: fields that former deployers own, nobody else does, and the manifest does not have. They go, or
 * fall back to the server's default.
 * @param anew the manifest as the server would complete it for a new object; the manifest itself where that is not known
 */
export function fieldsDroppedByTakeover(
  live: KubeObject,
  manifest: KubeObject,
  anew: KubeObject,
): readonly FieldChange[] {
  const entries = live.metadata.managedFields ?? [];
  const sets = (keep: (entry: ManagedFieldsEntry) => boolean): Fields =>
    entries.filter(keep).reduce<Fields>((all, { fieldsV1 = {} }) => union(all, fieldsV1), {});
  const owned = sets((entry) => isDeployers(entry, live.apiVersion));
  const others = sets((entry) => !isDeployers(entry, live.apiVersion) && !isOurs(entry));
  return dropped({ owned, others, live, manifest, anew, path: '' });
}

/** The fields that we own, as text to compare. */
export function ownFields(object: KubeObject): string {
  return JSON.stringify(ownEntry(object)?.fieldsV1 ?? {});
}

/** Our own entry in the managed fields of an object. */
export function ownEntry({ metadata: { managedFields = [] } }: KubeObject): ManagedFieldsEntry | undefined {
  return managedFields.find(isOurs);
}

/** The managed fields of those who go on owning what they own: neither ours, nor a former deployer's. */
export function lastingOwners({
  apiVersion,
  metadata: { managedFields = [] },
}: KubeObject): readonly ManagedFieldsEntry[] {
  return managedFields.filter((entry) => !isOurs(entry) && !isDeployers(entry, apiVersion));
}

type Fields = Readonly<Record<string, unknown>>;

type Walk = {
  readonly owned: Fields;
  readonly others: Fields;
  readonly live: unknown;
  readonly manifest: unknown;
  readonly anew: unknown;
  readonly path: string;
};

function dropped(walk: Walk): readonly FieldChange[] {
  return Object.keys(walk.owned).flatMap((key) => {
    const name = nameOf(key);
    return name === undefined || isNoise(walk.path, name) ? [] : droppedAt(key, name, walk);
  });
}

function droppedAt(key: string, name: string, { owned, others, path, ...values }: Walk): readonly FieldChange[] {
  const [live, manifest, anew] = [values.live, values.manifest, values.anew].map((value) => valueAt(value, key));
  if (live === undefined) return [];
  const inner = key.startsWith('f:') ? joinField(path, name) : `${path}[${name}]`;
  if (manifest !== undefined || others[key] !== undefined)
    return dropped({ owned: fields(owned[key]), others: fields(others[key]), live, manifest, anew, path: inner });
  if (JSON.stringify(live) === JSON.stringify(anew)) return [];
  return [{ path: inner, from: live, ...(anew !== undefined && { to: anew }) }];
}

/** kubectl's own copy goes too, and says nothing about what somebody wants. */
function isNoise(path: string, name: string): boolean {
  return (path === '' && name === 'status') || name === 'kubectl.kubernetes.io/last-applied-configuration';
}

/** The name that a step of a field set stands for: `f:image` → image, `k:{"name":"api"}` → api; `.` is the thing itself. */
function nameOf(key: string): string | undefined {
  if (key.startsWith('f:')) return key.slice(2);
  if (key.startsWith('k:')) return String(Object.values(itemKey(key))[0]);
  return key.startsWith('v:') ? key.slice(2) : undefined;
}

function valueAt(value: unknown, key: string): unknown {
  if (key.startsWith('f:')) return fields(value)[key.slice(2)];
  if (!Array.isArray(value)) return undefined;
  if (key.startsWith('v:')) return value.find((item) => JSON.stringify(item) === key.slice(2));
  const wanted = Object.entries(itemKey(key));
  return value.find((item) =>
    wanted.every(([field, part]) => fields(item)[field] === part || isDefault(field, fields(item)[field])),
  );
}

/** A port's protocol is part of its key, and left out in most manifests. */
function isDefault(field: string, value: unknown): boolean {
  return field === 'protocol' && value === undefined;
}

function itemKey(key: string): Fields {
  return fields(JSON.parse(key.slice(2)));
}

function union(a: Fields, b: Fields): Fields {
  const merged = Object.entries(b).map(([key, below]) => [key, union(fields(a[key]), fields(below))]);
  return { ...a, ...Object.fromEntries(merged) };
}

function isDeployers({ manager = '', subresource = '', apiVersion }: ManagedFieldsEntry, version: string): boolean {
  return DEPLOYERS.has(manager) && subresource === '' && apiVersion === version;
}

function isOurs({ manager, operation, subresource = '' }: ManagedFieldsEntry): boolean {
  return manager === FIELD_MANAGER && operation === 'Apply' && subresource === '';
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
