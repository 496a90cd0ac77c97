// In: META, and where the objects of an inventory are. Out: which of the inventories of an application is written, and what becomes of the others: the one of the
// destination is `inventory`, each other one is in `moved`. Pure; chunks stay where they are, under their generation.

import type { Destination } from '../../model/application.ts';
import type { InventoryPlace, LeftInventory } from '../../model/application-record.ts';
import type { MetaChange } from '../lists/list-items.ts';
import { parseApplication } from '../schema/application.ts';
import type { Meta } from '../schema/records.ts';

type Pointer = NonNullable<Meta['inventory']>;

/** Every inventory of an application. */
export function inventoriesOf({ inventory, moved = [] }: Pick<Meta, 'inventory' | 'moved'>): readonly Pointer[] {
  return [...(inventory === undefined ? [] : [inventory]), ...moved];
}

/** Where the objects of the inventory are; an older version has recorded the destination alone. */
export function placeOf(name: string, { app, place }: Pick<MetaChange, 'app' | 'place'>): InventoryPlace | undefined {
  return place ?? (app === undefined ? undefined : parseApplication(name, app).destination);
}

/** What another destination makes of the inventories: the one in the former cluster is left there, and one that is left in the new cluster is the current one. */
export function relocated(
  name: string,
  meta: Pick<MetaChange, 'app' | 'inventory' | 'place' | 'moved'>,
  { cluster, namespace }: Destination,
): MetaChange {
  const { inventory, moved = [] } = meta;
  const place = placeOf(name, meta);
  if (place === undefined || place.cluster === cluster) return {};
  const back = moved.find((one) => one.cluster === cluster);
  if (inventory === undefined && back === undefined) return { ...(meta.place && { place: undefined }) };
  const left = [
    ...moved.filter((one) => one !== back),
    ...(inventory === undefined ? [] : [{ ...place, ...inventory }]),
  ];
  return {
    inventory: back && { generation: back.generation, chunks: back.chunks },
    place: back && { cluster, namespace, ...(back.uid !== undefined && { uid: back.uid }) },
    moved: left.length === 0 ? undefined : left,
  };
}

/** An inventory that is written in place of others. */
export type Replacing = { readonly set: MetaChange; readonly replaced: readonly Pointer[] };

type Written = {
  readonly pointer: Pointer;
  /** The cluster of the destination; absent for an application that was removed. */
  readonly destination: string | undefined;
  /** Absent: at the destination. */
  readonly place: InventoryPlace | undefined;
  readonly merged: readonly LeftInventory[];
};

/** The write of the inventory of a place. */
export function replacing(
  { inventory, moved = [], place: before }: Meta,
  { pointer, destination = before?.cluster, place, merged }: Written,
): Replacing {
  const isMerged = (one: LeftInventory): boolean => merged.some(({ generation }) => generation === one.generation);
  const isThere = place === undefined || destination === undefined || destination === place.cluster;
  const gone = moved.filter((one) => isMerged(one) || (!isThere && one.cluster === place?.cluster));
  const others = moved.filter((one) => !gone.includes(one));
  const left = isThere ? others : [...others, { ...place, ...pointer }];
  return {
    set: {
      ...(isThere && { inventory: pointer, ...(place && { place }) }),
      ...(moved.length + left.length > 0 && { moved: left.length === 0 ? undefined : left }),
    },
    replaced: [...gone, ...(isThere && inventory ? [inventory] : [])],
  };
}

/** The write of what is left in a former cluster; undefined where it is not left any more. */
export function replacingLeft(
  { moved = [] }: Meta,
  left: LeftInventory,
  pointer: Pointer | undefined,
): Replacing | undefined {
  const before = moved.find(({ generation }) => generation === left.generation);
  if (before === undefined) return undefined;
  const after = moved.flatMap((one) =>
    one !== before ? [one] : pointer === undefined ? [] : [{ ...one, ...pointer }],
  );
  return { set: { moved: after.length === 0 ? undefined : after }, replaced: [before] };
}
