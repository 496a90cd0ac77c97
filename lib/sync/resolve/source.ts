import { DriftlessError } from '../../errors.ts';
import type { SourceInput } from '../../model/application-record.ts';
import type { Outcome } from '../../model/operation.ts';
import type { BlockingGate } from '../../policy/gates.ts';

/** What an operation deploys. */
export type Source = {
  readonly over?: undefined;
  readonly revision: string;
  readonly specHash: string;
  /** Deploys what was rendered before: for drift only what has drifted, for a rollback all of it. */
  readonly repair?: 'drift' | 'rollback';
  /** The rendering that is deployed again. */
  readonly stored?: { readonly renderedKey: string; readonly inputs: readonly SourceInput[] };
  /** The commit that a rollback takes back. */
  readonly undone?: string;
};

/** How an operation ends that writes nothing to the cluster. */
export type Early = {
  readonly status: 'unchanged' | 'refused';
  readonly message: string;
  readonly error?: NonNullable<Outcome['error']>;
};

/** What is deployed, or the end of the operation. */
export type Resolved = Source | { readonly over: Early; readonly revision?: string };

/** It would deploy what may not be deployed by itself. */
export function barredEnd({ code, message }: BlockingGate): Early {
  const { hint } = new DriftlessError(code, message);
  return { status: 'refused', message, error: { code, message, hint } };
}

/** The cluster is as it should be. */
export function nothingToDo(message: string): Early {
  return { status: 'unchanged', message };
}
