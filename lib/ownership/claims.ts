// In: what applications have recorded, and what their newest commits hold. Out: which application another one must leave an object to. Pure.
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type ObjectId } from '../model/kube-object.ts';

/** An application as it is asked before another one deletes an object. */
export type Neighbour = {
  readonly app: string;
  readonly inventory: readonly InventoryEntry[];
  readonly wants: readonly ObjectId[];
  /** What its newest commit holds, where it has not planned that commit itself. */
  readonly desired?: ReadonlySet<string>;
  /** Where its newest commit cannot be rendered: whether it may hold an object all the same. */
  readonly mayHold?: (id: ObjectId) => boolean;
};

/** Why an object is left to another application. `isCertain`: what that application holds is known. */
export type Holder = { readonly app: string; readonly isCertain: boolean };

/** What is said of an object that is left to another application. */
export function leftToHolder({ app, isCertain }: Holder): string {
  return `is left to application ${app}${isCertain ? '' : ', whose newest commit cannot be rendered'}`;
}

/**
 * The application that an object is left to: it wants it, or its inventory has it unreleased, or its newest commit holds it. A commit that an application has
 * planned itself needs no look at its objects, since its inventory and its wants are written together with the commit.
 */
export function holderOf(id: ObjectId, neighbours: readonly Neighbour[]): Holder | undefined {
  const key = idKey(id);
  const certain = neighbours.find((one) => holds(one, key));
  if (certain !== undefined) return { app: certain.app, isCertain: true };
  const possible = neighbours.find(({ mayHold }) => mayHold?.(id));
  return possible && { app: possible.app, isCertain: false };
}

function holds({ inventory, wants, desired }: Neighbour, key: string): boolean {
  return (
    desired?.has(key) === true ||
    wants.some((id) => idKey(id) === key) ||
    inventory.some((entry) => entry.released === undefined && idKey(entry) === key)
  );
}
