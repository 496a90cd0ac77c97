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

/**
 * Decides by the claim of the application that the label names; undefined where no such application was ever recorded. Its uid in a record is as good as the
 * label of this deployer, which an older version did not write.
 */
export function mayTake(object: ForeignObject, claim: OwnerClaim | undefined): Taking {
  const { app, isProven, uid } = object;
  const { entry } = claim ?? {};
  const isKnown = isProven || (uid !== undefined && entry?.uid === uid);
  if (claim === undefined || !claim.isConfigured)
    return isKnown ? { may: 'take' } : refuse(`belongs to application ${app}, which is not configured`, app);
  if (entry?.released) return { may: 'take' };
  if (entry !== undefined || claim.wants)
    return {
      may: 'wait',
      reason: `belongs to application ${app}, which has not released it; it is taken over once ${app} has deployed a commit without it`,
    };
  if (!isKnown) return refuse(`carries the label of application ${app}, which did not deploy it`, app);
  if (claim.hasPlanned) return { may: 'take' };
  return { may: 'wait', reason: `belongs to application ${app}, which has not deployed since it was configured` };
}

function refuse(what: string, app: string): Taking {
  return { may: 'refuse', reason: `${what}; delete it manually, or take it over: driftless adopt ${app}` };
}
