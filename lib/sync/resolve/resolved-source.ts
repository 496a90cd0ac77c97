import type { SourceInput } from '../../model/application-record.ts';
import type { EarlyOutcome } from '../finish/finish.ts';

/** What an operation deploys. */
export type ResolvedSource = {
  readonly over?: undefined;
  readonly revision: string;
  readonly specHash: string;
  /** Deploys a stored rendering: after drift only the drifted objects, in a rollback all of them. */
  readonly repair?: 'drift' | 'rollback';
  readonly stored?: { readonly renderedKey: string; readonly inputs: readonly SourceInput[] };
  /** The commit that a rollback undoes. */
  readonly undone?: string;
};

/** The result of the step `resolve`. */
export type Resolution = ResolvedSource | { readonly over: EarlyOutcome; readonly revision?: string };
