import { z } from 'zod';
import type { InventoryEntry } from '../../model/inventory.ts';
import type { ObjectId } from '../../model/kube-object.ts';
import { parsed } from './records.ts';
import type { Shape } from './shape.ts';

const text = z.string();

const inventory = z.array(
  z.object({
    group: text,
    kind: text,
    namespace: text.exactOptional(),
    name: text,
    apiVersion: text,
    hash: text.exactOptional(),
    uid: text.exactOptional(),
    resourceVersion: text.exactOptional(),
    generation: z.number().exactOptional(),
    finished: z.literal(true).exactOptional(),
    ignoresHealth: z.literal(true).exactOptional(),
    released: z.literal(true).exactOptional(),
    takenFrom: text.exactOptional(),
  } satisfies Shape<InventoryEntry>),
);

const wanted = z.array(
  z.object({ group: text, kind: text, namespace: text.exactOptional(), name: text } satisfies Shape<ObjectId>),
);

/** Reads the objects that an application wants. */
export function parseWanted(app: string, ids: unknown): readonly ObjectId[] {
  return parsed(wanted, ids, `Application/${app}: what it wants`);
}

/** Reads an inventory. */
export function parseInventory(app: string, entries: unknown): readonly InventoryEntry[] {
  return parsed(inventory, entries, `Application/${app}: its inventory`);
}
