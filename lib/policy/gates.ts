// In: an application with its state, and who wants to deploy which commit. Out: what stands against it. The webhook edge, the sweep and the
// configuration ask before they ask for an operation; the operation asks again, since what it was asked for may be barred by then.
import type { ErrorCode } from '../errors.ts';
import type { ApplicationRecord, HeldRevision, Suspension } from '../model/application-record.ts';
import type { Trigger } from '../model/operation.ts';

/** Why a trigger does not deploy, in one word, as an error's code, and as a sentence with the remedy. */
export type Barrier = {
  readonly status: 'manual' | 'suspended' | 'held';
  readonly code: Extract<ErrorCode, 'SyncModeManual' | 'ApplicationSuspended' | 'RevisionHeld'>;
  readonly message: string;
};

type Wish = {
  readonly trigger: Trigger['kind'];
  /** The commit, as far as it is known. */
  readonly revision?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

type Barred = Pick<ApplicationRecord, 'app' | 'suspended' | 'held'>;

/** What keeps a trigger from deploying; undefined: nothing. A person's own sync and a rollback are kept from nothing. */
export function barrierTo({ app, suspended, held }: Barred, { trigger, revision, now }: Wish): Barrier | undefined {
  if (trigger === 'manual' || trigger === 'rollback') return undefined;
  if (app.sync.mode === 'manual' && trigger !== 'drift')
    return {
      status: 'manual',
      code: 'SyncModeManual',
      message: `Application/${app.name}: sync.mode is manual; sync it by hand`,
    };
  if (suspended !== undefined && isOn(suspended, now)) return suspension(app.name, suspended);
  const hold = held?.find((one) => one.revision === revision);
  return hold && heldBack(app.name, hold);
}

/** What keeps a commit from being deployed whose rendering is that of a held one. */
export function heldBack(app: string, { revision, reason, at }: HeldRevision, same?: string): Barrier {
  const commit = revision.slice(0, 7);
  const what = same === undefined ? `commit ${commit}` : `commit ${same.slice(0, 7)} is rendered as ${commit}, which`;
  const message = `Application/${app}: ${what} is held since ${at}: ${reason}; push a fix, or sync it by hand to deploy it all the same`;
  return { status: 'held', code: 'RevisionHeld', message };
}

/** Whether a suspension's time is not over yet. */
export function isOn({ until }: Suspension, now: number): boolean {
  return until === undefined || Date.parse(until) > now;
}

function suspension(app: string, { reason, by, at, until }: Suspension): Barrier {
  const who = by === undefined ? '' : ` by ${by}`;
  const end = until === undefined ? '' : ` until ${until}`;
  const message = `Application/${app}: suspended${who} since ${at}${end}: ${reason}; resume it, or sync it by hand`;
  return { status: 'suspended', code: 'ApplicationSuspended', message };
}
