// Whether what is deployed is what Git has. In: what operations, sweeps and scans have recorded. Out: one word, the reason, and the commits that are not deployed.
import { primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Commit } from '../model/commit.ts';
import { commitLink } from '../model/commit-link.ts';
import { type Distance, type KnownHead, type Standing, standingOf } from '../model/head.ts';
import type { Health } from '../model/health.ts';
import type { Operation, Outcome, OutcomeStatus, Trigger } from '../model/operation.ts';
import { whoOf } from '../model/who.ts';
import { blockedBy, isInForce } from '../policy/gates.ts';
import type { DriftView } from './drift-view.ts';

/** Whether the live objects are those of Git's newest commit, and why they are not Synced. */
export type SyncView = {
  readonly status: 'Synced' | 'OutOfSync' | 'Progressing' | 'Unknown';
  readonly reason?: string;
  /** Since when it is Unknown; ISO 8601. */
  readonly since?: string;
  /** Git's newest commit, where it is not deployed. */
  readonly head?: HeadView;
};

/** A commit that is not deployed. */
type AheadView = Commit & { readonly revision: string; readonly link?: string };

/** Git's newest commit, and how far it is ahead of what is deployed. */
type HeadView = Omit<KnownHead, 'ahead' | 'isChanged' | 'problem'> & {
  readonly link?: string;
  readonly ahead?: Omit<Distance, 'commits'> & { readonly commits: readonly AheadView[] };
};

/** What the word depends on; the list knows as much as the view. */
export type SyncFacts = {
  readonly isDeleting: boolean;
  readonly head: Standing | undefined;
  /** The newest operation; without a status while it is open. */
  readonly newest:
    | { readonly status?: OutcomeStatus | undefined; readonly trigger?: Trigger['kind'] | undefined }
    | undefined;
  readonly drift: Pick<DriftView, 'status' | 'scan'>;
};

/** What the word comes from. */
type Cause = 'lost' | 'never' | 'running' | 'ahead' | 'outcome' | 'deleting' | 'drifted' | 'unscanned' | 'none';

const WORDS: Readonly<Record<Cause, SyncView['status']>> = {
  running: 'Progressing',
  lost: 'Unknown',
  never: 'OutOfSync',
  outcome: 'OutOfSync',
  ahead: 'OutOfSync',
  deleting: 'OutOfSync',
  drifted: 'OutOfSync',
  unscanned: 'Unknown',
  none: 'Synced',
};

/** What an operation that ended otherwise did not reach is not in the cluster. What a refusal, or a rollback, means for the head is known of the head. */
const DEPLOYED: readonly OutcomeStatus[] = ['synced', 'unchanged', 'degraded', 'rolledBack', 'refused'];

/** The word for the list. */
export function syncStatus(facts: SyncFacts): SyncView['status'] {
  return WORDS[causeOf(facts)];
}

function causeOf({ isDeleting, head, newest, drift }: SyncFacts): Cause {
  // A correction of drift does not bring the application to the head, so it hides nothing.
  if (newest !== undefined && newest.status === undefined && !(newest.trigger === 'drift' && head !== undefined))
    return 'running';
  if (head === 'lost') return 'lost';
  if (newest === undefined) return 'never';
  if (head === 'ahead') return 'ahead';
  if (newest.status !== undefined && !DEPLOYED.includes(newest.status)) return 'outcome';
  if (isDeleting) return 'deleting';
  if (drift.status === 'Drifted') return 'drifted';
  return drift.status === 'Unknown' && drift.scan !== undefined ? 'unscanned' : 'none';
}

/** What the view knows besides. */
export type Synced = {
  readonly record: ApplicationRecord;
  readonly newest: Operation | undefined;
  readonly isDeleting: boolean;
  readonly drift: Pick<DriftView, 'status' | 'count' | 'reason' | 'scan'>;
  readonly now: number;
};

/** The word, with its reason. */
export function viewSync(synced: Synced): SyncView {
  const { record, newest, isDeleting, drift } = synced;
  const status = newest?.phase === 'done' ? newest.outcome?.status : undefined;
  const operation = newest && { status, trigger: newest.trigger.kind };
  const cause = causeOf({ isDeleting, head: standingOf(record, status), newest: operation, drift });
  const reason = reasonOf(cause, synced);
  const since = cause === 'lost' ? record.head?.problem?.since : undefined;
  const isAhead = cause !== 'running' && record.head?.isChanged === true;
  return {
    status: WORDS[cause],
    ...(reason !== undefined && reason !== '' && { reason }),
    ...(since !== undefined && { since }),
    ...(isAhead && record.head && { head: viewHead(record, record.head) }),
  };
}

function reasonOf(cause: Cause, { record, newest, drift, now }: Synced): string | undefined {
  switch (cause) {
    case 'running':
      return newest && runningReason(newest);
    case 'lost':
      return lostReason(record);
    case 'never':
      return record.head?.revision === undefined ? 'nothing has been deployed yet' : neverReason(record, now);
    case 'ahead':
      return aheadReason(record, newest, now);
    case 'outcome':
      return newest?.outcome && outcomeReason(newest.outcome);
    case 'deleting':
      return newest?.outcome && deletionReason(record, newest.outcome);
    case 'drifted':
      return `${drift.count === 1 ? '1 object has' : `${drift.count} objects have`} drifted`;
    default:
      return cause === 'unscanned' ? drift.reason : undefined;
  }
}

function runningReason({ phase, trouble }: Operation): string {
  return trouble === undefined ? phase : `${phase}, tries again since ${trouble.since}: ${trouble.message}`;
}

function lostReason({ head }: ApplicationRecord): string | undefined {
  return head?.problem && `its source is lost since ${head.problem.since}: ${head.problem.message}`;
}

function neverReason(record: ApplicationRecord, now: number): string {
  return ['nothing has been deployed yet', ...gateReason(record, now)].join('; ');
}

/** `2 commits behind main: 1a2b3c4 ada: Raise the memory; sync.mode is manual`. */
function aheadReason(record: ApplicationRecord, newest: Operation | undefined, now: number): string {
  const { head } = record;
  const ended = head === undefined ? newest?.outcome : undefined;
  if (ended?.status === 'rolledBack') return ended.message;
  if (ended?.status === 'refused') return outcomeReason(ended);
  const why = whyNot(record, newest, now);
  if (record.lastSync === undefined) return why.length === 0 ? 'nothing has been deployed yet' : why.join('; ');
  const isBehind = head?.isChanged === true && head.revision !== record.lastSync.revision;
  const behind = isBehind ? [distanceText(head, primarySource(record.app).ref)] : [];
  const changed = record.lastSync.specHash === record.specHash ? [] : ['its configuration has changed since'];
  return [...behind, ...changed, ...why].join('; ');
}

function distanceText({ revision, ahead }: KnownHead, ref: string): string {
  if (ahead === undefined) return `behind ${ref}${revision === undefined ? '' : ` at ${revision.slice(0, 7)}`}`;
  const { count, isMore, diverged, commits } = ahead;
  const [newest] = commits;
  const of = newest && `: ${newest.revision.slice(0, 7)} ${newest.author}: ${newest.subject}`;
  const counted = `${count}${isMore ? '+' : ''} ${count === 1 && !isMore ? 'commit' : 'commits'}`;
  if (!diverged) return `${counted} behind ${ref}${of ?? ''}`;
  const there =
    count === 0 ? `is an earlier commit ${revision?.slice(0, 7) ?? ''}`.trimEnd() : `has ${counted} of its own`;
  return `diverged from ${ref}, which ${there}${of ?? ''}`;
}

/** Why the head is not deployed: what failed or was refused, a gate, or what is waited for. */
function whyNot(record: ApplicationRecord, newest: Operation | undefined, now: number): readonly string[] {
  const { failure, head } = record;
  const isOfHead = failure !== undefined && (failure.revision === undefined || failure.revision === head?.revision);
  const failed = failure === undefined || (head?.isChanged && !isOfHead) ? [] : [failureText(failure, newest)];
  const waits = newest?.outcome?.status === 'waiting' ? [newest.outcome.message] : [];
  const gates = gateReason(record, now);
  return [...failed, ...gates, ...(failed.length + gates.length === 0 ? waits : [])];
}

/** The operation has the whole text. */
function failureText({ seq, status, message }: NonNullable<ApplicationRecord['failure']>, newest?: Operation): string {
  const whole = newest?.seq === seq ? (newest.outcome?.message ?? message) : message;
  return `${status}: ${whole}`;
}

/** The gate that keeps the head from being deployed. */
function gateReason(record: ApplicationRecord, now: number): readonly string[] {
  const { head, suspended, held = [] } = record;
  const revision = head?.revision;
  const gate = blockedBy(record, { trigger: 'sweep', now, ...(revision !== undefined && { revision }) });
  if (gate === undefined) return [];
  const isSuspended = suspended !== undefined && isInForce(suspended, now);
  const manual = gate.name === 'manual' ? ['sync.mode is manual'] : [];
  const stopped = isSuspended ? [suspensionText(suspended)] : [];
  const one = held.find((each) => each.revision === revision);
  return [...manual, ...stopped, ...(one ? [`held since ${one.at}: ${one.reason}`] : [])];
}

function suspensionText({ by, until, reason }: NonNullable<ApplicationRecord['suspended']>): string {
  const who = by === undefined ? '' : ` by ${whoOf(by)}`;
  return `suspended${who}${until === undefined ? '' : ` until ${until}`}: ${reason}`;
}

function outcomeReason({ status, message }: Outcome): string {
  return status === 'waiting' ? message : `${status}: ${message}`;
}

/** A later operation that looks at other objects leaves the deletion under way, and says nothing of it. */
function deletionReason({ health }: { readonly health?: Health }, { status, message }: Outcome): string {
  if (status === 'degraded') return message;
  return health?.status === 'Progressing' ? health.message : 'objects that Git no longer has are still being deleted';
}

function viewHead({ app }: ApplicationRecord, { revision, since, ahead }: KnownHead): HeadView {
  const { repo } = primarySource(app);
  return {
    since,
    ...(revision !== undefined && { revision, ...linked(repo, revision) }),
    ...(ahead && {
      ahead: { ...ahead, commits: ahead.commits.map((one) => ({ ...one, ...linked(repo, one.revision) })) },
    }),
  };
}

/** The page of the commit at its forge, where that is known. */
export function linked(repo: string, revision: string | undefined): { readonly link?: string } {
  const link = revision === undefined ? undefined : commitLink(repo, revision);
  return link === undefined ? {} : { link };
}
