import type { SourceInput } from '../../model/application-record.ts';
import type { Commit } from '../../model/commit.ts';
import type { SeenHead } from '../../model/head.ts';
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
} & Found;

/** What is recorded besides of what was found. */
type Found = {
  /** What the commit says of itself. */
  readonly commit?: Commit;
  /** The head, where it was asked for. */
  readonly seen?: SeenHead;
};

/** The result of the step `resolve`. */
export type Resolution = ResolvedSource | ({ readonly over: EarlyOutcome; readonly revision?: string } & Found);
