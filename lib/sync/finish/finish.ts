// How an operation ends before it has deployed anything as a whole.
import { formatRefusal } from '../../diff/format.ts';
import { DriftlessError } from '../../errors.ts';
import type { LastSync, Rendered, Waiting } from '../../model/application-record.ts';
import type { Refusal } from '../../model/change-set.ts';
import type { Outcome, OutcomeStatus } from '../../model/operation.ts';
import type { BlockingGate } from '../../policy/gates.ts';
import { firstOf } from './first-of.ts';

/** The end of an operation. */
export type Finish =
  | {
      readonly outcome: Outcome;
      /** Absent: the cluster may be between two commits, so that the application has no last deployment to compare with. */
      readonly effect?: RecordEffect;
      /** What the application waits for from now on. */
      readonly waiting?: readonly Waiting[];
      /** Whether objects that Git no longer has are still being deleted, so that a later operation looks again. */
      readonly isDeleting?: true;
      /** Whether what is left in former clusters was looked at. */
      readonly hasLooked?: true;
    }
  /** Another worker has the lease, or the operation has already ended: this worker records nothing. */
  | { readonly outcome?: undefined; readonly abandoned: string };

/** What the end of an operation means for the application's record. */
export type RecordEffect =
  /** All of a rendering is in the cluster. */
  | { readonly kind: 'deployed'; readonly deployed: DeployedRendering }
  /** This commit is deployed, since it makes no difference from the last deployment. */
  | { readonly kind: 'advanced'; readonly revision: string }
  /** The last deployment is still in the cluster; a correction may have found it degraded. */
  | { readonly kind: 'retained'; readonly status?: OutcomeStatus };

export type DeployedRendering = Omit<LastSync, 'seq'> & {
  /** Whether the operation wrote anything to the cluster. */
  readonly changed: boolean;
  /** The commit that a rollback undid. */
  readonly undone?: string;
  /** The newest commit, where that was deployed. */
  readonly rendered?: Rendered;
  /** Whether every object of it carries the label of the application. */
  readonly isWhole: boolean;
};

/** How an operation ends that neither plans nor writes anything. Stored as the result of a step. */
export type EarlyOutcome = {
  readonly status: 'unchanged' | 'refused' | 'superseded';
  readonly message: string;
  readonly error?: NonNullable<Outcome['error']>;
};

/** A newer operation continues from where this one stops. */
export function supersededFinish(): Finish {
  return { outcome: { status: 'superseded', message: 'a newer operation has been requested' } };
}

/** A gate or the project does not let the operation begin. */
export function blocked({ code, message }: Blocking): EarlyOutcome {
  return refused(new DriftlessError(code, message));
}

type Blocking = { readonly code: BlockingGate['code'] | 'ProjectForbids'; readonly message: string };

/** The operation must not write at all. */
export function refused({ code, message, hint }: DriftlessError): EarlyOutcome {
  return { status: 'refused', message, error: { code, message, hint } };
}

/** The cluster already has what it should have. */
export function nothingToDo(message: string): EarlyOutcome {
  return { status: 'unchanged', message };
}

/** A refused operation has written nothing; an unchanged commit takes the place of the deployed one. */
export function earlyFinish(over: EarlyOutcome, revision: string | undefined): Finish {
  const outcome = { ...over, ...(revision !== undefined && { revision }) };
  if (over.status === 'refused') return { outcome, effect: { kind: 'retained' } };
  return revision === undefined || over.status === 'superseded'
    ? { outcome }
    : { outcome, effect: { kind: 'advanced', revision } };
}

/** The API server or a guard refused objects of the plan. */
export function refusedFinish(refusals: readonly Refusal[], revision: string): Finish {
  const named = firstOf(refusals.map(formatRefusal));
  const message = `${refusals.length} refused: ${named.join('; ')}`;
  if (!refusals.some(({ code }) => code === 'ProjectForbids'))
    return { outcome: { status: 'refused', message, refusals: named, revision } };
  return { outcome: { ...refused(new DriftlessError('ProjectForbids', message)), refusals: named, revision } };
}
