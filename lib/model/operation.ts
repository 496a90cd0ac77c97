import type { ChangeSet } from './change-set.ts';
import type { Commit } from './commit.ts';
import type { Health } from './health.ts';

/** What triggered an operation. */
export type Trigger = {
  readonly kind:
    | 'push'
    | 'config'
    | 'manual'
    | 'sweep'
    | 'drift'
    | 'rollback'
    | 'handover'
    | 'adopt'
    | 'resume'
    | 'terminate';
  /** Delivery id of a push, user of a manual sync or rollback, name of a scan or an alarm. */
  readonly by?: string;
  /** Of a manual sync: a commit that was rolled back stays held. Absent: it is deployed, and no longer held. */
  readonly keepsHeld?: boolean;
  /** Of a rollback: the commit that is to be undone. It has no effect where another one is deployed by then. */
  readonly undo?: string;
  /** Of a rollback: the commit of each source that is to be undone, where there are several. */
  readonly undoRevisions?: readonly string[];
  /** Of a rollback to a certain operation of the history: its number. Of a termination: the operation that it ends. */
  readonly toSeq?: number;
  /** Of an adoption: the deployer whose objects are taken over; without it, objects of applications that are not configured, or did not deploy them. */
  readonly from?: string;
};

/** The stage that an operation is in; `done` has an outcome. */
export type Phase = 'pending' | 'resolve' | 'fetch' | 'render' | 'plan' | 'apply' | 'wait' | 'prune' | 'done';

/** `waiting`: the plan waits for a person, a window, a dependency or an object, and nothing was applied. */
export type OutcomeStatus =
  | 'synced'
  | 'unchanged'
  | 'degraded'
  | 'refused'
  | 'failed'
  | 'superseded'
  | 'rolledBack'
  | 'waiting';

/** An error as it is recorded: no stack, no cause, nothing secret. */
export type RecordedError = { readonly code: string; readonly message: string; readonly hint?: string };

/** What fails and is tried again; `since` is ISO 8601. */
export type Trouble = { readonly code: string; readonly message: string; readonly since: string };

/** How an operation ended. */
export type Outcome = {
  readonly status: OutcomeStatus;
  /** One sentence: what happened and, where it is not good, what to do. */
  readonly message: string;
  /** What was refused, a sentence for each object; the first twenty, and how many more there are. */
  readonly refusals?: readonly string[];
  readonly revision?: string;
  readonly health?: Health;
  readonly error?: RecordedError;
};

export type PlanSummary = {
  readonly created: number;
  readonly configured: number;
  readonly recreated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly skipped: number;
  readonly refused: number;
};

/** One line of the history: an operation of an application, kept with its outcome. */
export type Operation = {
  readonly app: string;
  /** 1 for an application's first operation, then one more each time. */
  readonly seq: number;
  readonly trigger: Trigger;
  readonly phase: Phase;
  /** The commit that is deployed; known after `resolve`. */
  readonly revision?: string;
  /** The commit of each source, where there are several; the first is `revision`. */
  readonly revisions?: readonly string[];
  /** What the commit says of itself. */
  readonly commit?: Commit;
  readonly plan?: PlanSummary;
  /** Blob key of the rendered objects; what a rollback to this operation deploys. */
  readonly renderedKey?: string;
  /** Blob key of the whole {@link ChangeSet}. */
  readonly changeSetKey?: string;
  /** What it is trying again while it runs, and since when; absent while it gets on. */
  readonly trouble?: Trouble;
  readonly outcome?: Outcome;
  /** Milliseconds each stage took, in order. */
  readonly timings?: Readonly<Partial<Record<Phase, number>>>;
  /** ISO 8601. */
  readonly requestedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
};

/** An operation's name, also that of its durable execution. */
export function operationName({ app, seq }: { readonly app: string; readonly seq: number }): string {
  return `${app}-${seq}`;
}

/** Counts the changes of a plan. */
export function summarize({ changes, refusals }: ChangeSet): PlanSummary {
  const summary = { created: 0, configured: 0, recreated: 0, unchanged: 0, deleted: 0, skipped: 0 };
  for (const { action } of changes) summary[action] += 1;
  return { ...summary, refused: refusals.length };
}
