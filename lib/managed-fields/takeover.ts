// Takes over the fields of former deployers. Server-side apply removes a field only when no other manager owns it, so a field of a former tool would stay for
// ever when Git drops it; its ownership is moved to us once, as `kubectl apply --server-side` does with kubectl's own.
import type { FieldChange } from '../model/change-set.ts';
import { joinField } from '../model/field-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { type FieldSet, nameOf, toFieldSet, union, valuesAt } from './field-set.ts';
import { FIELD_MANAGER, isOurs } from './owners.ts';
import { withDataOwned } from './secret-data.ts';

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
 * Whether a conflict with a manager is won without `force`: a deployer's, or a person's with kubectl, whose managers are `kubectl-edit`,
 * `kubectl-patch` … A field of any other manager, such as an autoscaler, is reported instead.
 */
export function isTakenOver(manager: string): boolean {
  return DEPLOYERS.has(manager) || manager.startsWith('kubectl-');
}

/** Whether a former deployer owns fields of a live object, so that there is something to take over. */
export function hasFormerDeployer({ apiVersion, metadata: { managedFields = [] } }: KubeObject): boolean {
  return managedFields.some((entry) => isDeployers(entry, apiVersion));
}

/** The managedFields of a live object with everything of former deployers, and the data of a Secret's `stringData`, as ours; undefined where there is nothing to take over. */
export function managedFieldsTakenOver(found: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  const live = withDataOwned(found);
  if (!hasFormerDeployer(live)) return live === found ? undefined : live.metadata.managedFields;
  const { apiVersion, metadata } = live;
  const entries = metadata.managedFields ?? [];
  const taken = entries.filter((entry) => isDeployers(entry, apiVersion));
  const own = entries.find(isOurs);
  const fieldsV1 = fieldsOf([...taken, ...(own ? [own] : [])]);
  const rest = entries.filter((entry) => entry !== own && !taken.includes(entry));
  const ours = { manager: FIELD_MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
  return withDataOwned({ ...live, metadata: { ...metadata, managedFields: [...rest, ours] } }).metadata.managedFields;
}

/** The managed fields of those who keep what they own: neither ours, nor a former deployer's. */
export function lastingOwners({
  apiVersion,
  metadata: { managedFields = [] },
}: KubeObject): readonly ManagedFieldsEntry[] {
  return managedFields.filter((entry) => !isOurs(entry) && !isDeployers(entry, apiVersion));
}

/**
 * The changes of a takeover beyond the manifest: fields that former deployers own, no other manager does, and the manifest does not have. They are removed,
 * or fall back to the server's default.
 * @param asNew the manifest as the server would complete it for a new object; the manifest itself where that is not known
 */
export function fieldsDroppedByTakeover(
  live: KubeObject,
  manifest: KubeObject,
  asNew: KubeObject,
): readonly FieldChange[] {
  const entries = live.metadata.managedFields ?? [];
  const owned = fieldsOf(entries.filter((entry) => isDeployers(entry, live.apiVersion)));
  return dropped({ owned, others: fieldsOf(lastingOwners(live)), live, manifest, asNew, path: '' });
}

type Walk = {
  readonly owned: FieldSet;
  readonly others: FieldSet;
  readonly live: unknown;
  readonly manifest: unknown;
  readonly asNew: unknown;
  readonly path: string;
};

function dropped(walk: Walk): readonly FieldChange[] {
  return Object.keys(walk.owned).flatMap((key) => {
    const name = nameOf(key);
    return name === undefined || isNoise(walk.path, name) ? [] : droppedAt(key, name, walk);
  });
}

function droppedAt(key: string, name: string, { owned, others, path, ...values }: Walk): readonly FieldChange[] {
  const [live, manifest, asNew] = [values.live, values.manifest, values.asNew].map((value) => valuesAt(value, key)[0]);
  if (live === undefined) return [];
  const inner = key.startsWith('f:') ? joinField(path, name) : `${path}[${name}]`;
  if (manifest !== undefined || others[key] !== undefined)
    return dropped({
      owned: toFieldSet(owned[key]),
      others: toFieldSet(others[key]),
      live,
      manifest,
      asNew,
      path: inner,
    });
  if (JSON.stringify(live) === JSON.stringify(asNew)) return [];
  return [{ path: inner, from: live, ...(asNew !== undefined && { to: asNew }) }];
}

/** kubectl's own copy goes too, and tells nothing about what Git should have. */
function isNoise(path: string, name: string): boolean {
  return (path === '' && name === 'status') || name === 'kubectl.kubernetes.io/last-applied-configuration';
}

function fieldsOf(entries: readonly ManagedFieldsEntry[]): FieldSet {
  return entries.reduce<FieldSet>((all, { fieldsV1 = {} }) => union(all, fieldsV1), {});
}

function isDeployers({ manager = '', subresource = '', apiVersion }: ManagedFieldsEntry, version: string): boolean {
  return DEPLOYERS.has(manager) && subresource === '' && apiVersion === version;
}
