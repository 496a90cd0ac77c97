import type { IgnoreContext } from '../ignore/rules.ts';
import type { DriftedObject } from '../model/drift.ts';
import type { Cluster } from '../ports/cluster.ts';

/** A drifted object as it was found; how it is handled is the application's choice unless it is said here. */
export type Found = Omit<DriftedObject, 'since' | 'firstSeen' | 'handling'> &
  Partial<Pick<DriftedObject, 'since' | 'handling'>>;

export type Verdict =
  | { readonly status: 'inSync' }
  | { readonly status: 'drifted'; readonly found: Found }
  /** Nobody can say; the reason is a sentence that names the object. */
  | { readonly status: 'unknown'; readonly reason: string };

/** What an object is judged with. */
export type Judging = {
  readonly cluster: Cluster;
  readonly context: IgnoreContext;
  /** Whether the lists have it; otherwise it is read first. */
  readonly isListed: boolean;
  /** Whether the application has objects deleted and made anew. */
  readonly recreate: boolean;
};
