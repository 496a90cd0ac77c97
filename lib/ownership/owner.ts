// In: a live object, and the identity of the application that looks at it. Out: whose the object is: the one rule, for plans, scans and deletions.
import type { KubeObject } from '../model/kube-object.ts';
import { type Identity, identityOf } from './labels.ts';

/**
 * Whose a live object is. `isProven`: it carries the label of this deployer too; without it an older version may have written it, and the inventory's uid
 * decides.
 */
export type Owner =
  | { readonly kind: 'ours'; readonly isProven: boolean }
  /** Another application of this deployer, as far as its labels say. */
  | { readonly kind: 'application'; readonly app: string; readonly isProven: boolean }
  /** Another deployer on the same cluster. */
  | { readonly kind: 'deployer'; readonly deployer: string; readonly app?: string }
  /** Neither label. */
  | { readonly kind: 'unlabelled' };

/** Decides whose a live object is. Where our own deployer is not known, its label does not count. */
export function ownerOf(live: Pick<KubeObject, 'metadata'>, own: Identity): Owner {
  const { app, deployer } = identityOf(live);
  if (own.deployer !== undefined && deployer !== undefined && deployer !== own.deployer)
    return { kind: 'deployer', deployer, ...(app !== undefined && { app }) };
  if (app === undefined) return { kind: 'unlabelled' };
  const isProven = deployer !== undefined && deployer === own.deployer;
  return app === own.app ? { kind: 'ours', isProven } : { kind: 'application', app, isProven };
}

/** Whether another deployer has written the object. */
export function isOfOtherDeployer(live: Pick<KubeObject, 'metadata'>, deployer: string): boolean {
  return ownerOf(live, { deployer }).kind === 'deployer';
}

/** Why an object of another deployer is left alone, with the remedy. */
export function deployerObjection({ deployer, app }: Extract<Owner, { kind: 'deployer' }>, own: Identity): string {
  const there = app === undefined ? '' : ` (application ${app})`;
  const remedy = own.app === undefined ? '' : `, or take it over: driftless adopt ${own.app} --from ${deployer}`;
  return `belongs to deployer "${deployer}"${there}; remove it there${remedy}`;
}
