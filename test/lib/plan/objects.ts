import type { Manifest } from '../../../lib/model/change-set.ts';
import type { ServedKind } from '../../../lib/model/cluster-api.ts';
import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import { groupOf, idOf, type KubeObject, type ObjectMeta } from '../../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../../lib/ownership/labels.ts';
import { type Desired, prepareDesired } from '../../../lib/plan/desired.ts';

/** Changes to a value of this type; undefined takes a field away. */
export type Altered<T> = { readonly [K in keyof T]?: T[K] | undefined };

export const SHOP = { app: 'shop', namespace: 'store' };

const CLUSTER_SCOPED = ['Namespace', 'ClusterRole', 'CustomResourceDefinition', 'PersistentVolume'];

/** A kind as a cluster would serve it. */
export function kindOf(apiVersion: string, kind: string): ServedKind {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const plural = `${kind.toLowerCase()}s`;
  return { group: groupOf(apiVersion), version, kind, plural, namespaced: !CLUSTER_SCOPED.includes(kind) };
}

/** An object as Git has it; the reference is `ConfigMap/settings` or `apps/v1 Deployment/api`. */
export function objectOf(ref: string, metadata: Partial<ObjectMeta> = {}, rest: object = {}): KubeObject {
  const [apiVersion, name] = ref.includes(' ') ? ref.split(' ') : ['v1', ref];
  const [kind = '', ...names] = (name ?? '').split('/');
  return { apiVersion: apiVersion ?? 'v1', kind, metadata: { name: names.join('/'), ...metadata }, ...rest };
}

export function manifestOf(object: KubeObject, file = 'app.yaml', line = 1): Manifest {
  return { object, file, line };
}

/** The object as it is to be applied for the application `shop`. */
export function desiredOf(object: KubeObject, deployer?: string): Desired {
  const placement = { ...SHOP, ...(deployer !== undefined && { deployer }) };
  const { desired, refusals } = prepareDesired([manifestOf(object)], placement, kindOf);
  const [only] = desired;
  if (only === undefined) throw new Error(`refused: ${JSON.stringify(refusals)}`);
  return only;
}

/** The object as a server has it after `shop` applied it. */
export function liveOf({ object }: Desired, metadata: Altered<ObjectMeta> = {}): KubeObject {
  return { ...object, metadata: altered({ ...object.metadata, uid: 'uid-1', resourceVersion: '5' }, metadata) };
}

/** What the inventory says of an object that was applied. */
export function entryOf({ id, object, hash }: Desired, seen: Altered<InventoryEntry> = {}): InventoryEntry {
  return altered({ ...id, apiVersion: object.apiVersion, hash, uid: 'uid-1', resourceVersion: '5' }, seen);
}

/** An inventory entry by reference. */
export function entryNamed(ref: string, seen: Altered<InventoryEntry> = {}): InventoryEntry {
  const object = objectOf(ref);
  return altered({ ...idOf(object), namespace: SHOP.namespace, apiVersion: object.apiVersion }, seen);
}

/** A live object of `shop`, unless labels say otherwise. */
export function liveNamed(ref: string, metadata: Altered<ObjectMeta> = {}): KubeObject {
  const object = objectOf(ref, { namespace: SHOP.namespace, labels: { [APP_LABEL]: SHOP.app } });
  return { ...object, metadata: altered({ ...object.metadata, uid: 'uid-1', resourceVersion: '5' }, metadata) };
}

function altered<T extends object>(value: T, changes: Altered<T>): T {
  return Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([, field]) => field !== undefined)) as T;
}
