// In: a live object with the label of another application of this deployer, and what is recorded of that application. Out: whether the object may be taken over.
import type { InventoryEntry } from '../model/inventory.ts';

/** The object, as its labels have it. */
export type ForeignObject = {
  readonly app: string;
  /** Whether it carries the label of this deployer too. */
  readonly isProven: boolean;
  readonly uid?: string;
};

/** What is recorded of the application that the label names. */
export type OwnerClaim = {
  readonly isConfigured: boolean;
  /** Whether it has planned since its record was made: an empty inventory says nothing before. */
  readonly hasPlanned: boolean;
  readonly entry?: Pick<InventoryEntry, 'uid' | 'released'>;
  readonly wants: boolean;
};

export type Taking =
  | { readonly may: 'take' }
  /** Its application may still release it. */
  | { readonly may: 'wait'; readonly reason: string }
  /** Nothing that this deployer does makes it free. */
  | { readonly may: 'refuse'; readonly reason: string };

/** An order to take over what is refused otherwise, and the other application of this deployer that holds or wants the object. */
export type TakingOrder = { readonly holder?: string | undefined };

/** The application that looks at the object, and its order. */
export type Taker = { readonly app: string; readonly order?: TakingOrder };

/**
 * Decides by the claim of the application that the label names; undefined where no such application was ever recorded. Its uid in a record is as good as the
 * label of this deployer, which an older version did not write.
 */
export function mayTake(object: ForeignObject, claim: OwnerClaim | undefined, taker: Taker): Taking {
  const { app, isProven, uid } = object;
  const { entry } = claim ?? {};
  const isKnown = isProven || (uid !== undefined && entry?.uid === uid);
  if (claim === undefined || !claim.isConfigured)
    return isKnown ? { may: 'take' } : unlessOrdered(`belongs to application ${app}, which is not configured`, taker);
  if (entry?.released) return { may: 'take' };
  if (entry !== undefined || claim.wants)
    return {
      may: 'wait',
      reason: `belongs to application ${app}, which has not released it; it is taken over once ${app} has deployed a commit without it`,
    };
  if (!isKnown) return unlessOrdered(`carries the label of application ${app}, which did not deploy it`, taker);
  if (claim.hasPlanned) return { may: 'take' };
  return { may: 'wait', reason: `belongs to application ${app}, which has not deployed since it was configured` };
}

/** Decides about an object of another deployer that an order names. */
export function mayAdopt(deployer: string, order: TakingOrder): Taking {
  return byOrder(`belongs to deployer "${deployer}"`, order);
}

function unlessOrdered(what: string, { app, order }: Taker): Taking {
  if (order !== undefined) return byOrder(what, order);
  return { may: 'refuse', reason: `${what}; delete it manually, or take it over: driftless adopt ${app}` };
}

function byOrder(what: string, { holder }: TakingOrder): Taking {
  if (holder === undefined) return { may: 'take' };
  const reason = `${what}, and application ${holder} holds or wants it; deploy a commit of ${holder} without it first`;
  return { may: 'refuse', reason };
}
