// In: an application with its state, and a request: its trigger, its commit, the time. Out: the gate that blocks it, if any. The gates are
// checked when an operation is requested, and again when it runs, since one may have closed by then. A new gate is a row of the table.
import type { ErrorCode } from '../errors.ts';
import type { ApplicationRecord, HeldRevision, Suspension } from '../model/application-record.ts';
import type { Trigger } from '../model/operation.ts';

/** What the gates read of an application. */
export type GatedApplication = Pick<ApplicationRecord, 'app' | 'suspended' | 'held'>;

/** A request that the gates let pass or block. */
export type GateRequest = {
  readonly trigger: Trigger['kind'];
  readonly keepsHeld?: boolean | undefined;
  /** The commit, as far as it is known. */
  readonly revision?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

type GateName = 'manual' | 'suspended' | 'held';

type GateCode = Extract<ErrorCode, 'SyncModeManual' | 'ApplicationSuspended' | 'RevisionHeld'>;

/** The gate that blocks a request: its name, the error's code, and a sentence with the remedy. */
export type BlockingGate = { readonly name: GateName; readonly code: GateCode; readonly message: string };

type Gate = {
  readonly name: GateName;
  readonly code: GateCode;
  /** Triggers that the gate never blocks. */
  readonly passedBy: readonly Trigger['kind'][];
  /** Returns why the gate is closed; undefined where it is open. */
  readonly check: (application: GatedApplication, request: GateRequest) => string | undefined;
};

/** The first closed gate is the one that is reported. */
const GATES: readonly Gate[] = [
  {
    name: 'manual',
    code: 'SyncModeManual',
    passedBy: ['manual', 'adopt', 'rollback', 'drift', 'terminate'],
    check: checkMode,
  },
  {
    name: 'suspended',
    code: 'ApplicationSuspended',
    passedBy: ['manual', 'adopt', 'rollback', 'terminate'],
    check: checkSuspension,
  },
  { name: 'held', code: 'RevisionHeld', passedBy: ['rollback', 'terminate'], check: checkHeld },
];

/** Returns the first gate that blocks a request; undefined where all of them are open. */
export function blockedBy(application: GatedApplication, request: GateRequest): BlockingGate | undefined {
  for (const { name, code, passedBy, check } of GATES) {
    const message = passedBy.includes(request.trigger) ? undefined : check(application, request);
    if (message !== undefined) return { name, code, message };
  }
  return undefined;
}

/** Whether an error is that of a gate. */
export function isOfGate(code: string): boolean {
  return GATES.some((gate) => gate.code === code);
}

/** The gate that blocks a commit whose rendering is the one of a held commit. */
export function blockedByRendering(app: string, held: HeldRevision, revision: string): BlockingGate {
  const what = `commit ${revision.slice(0, 7)} is rendered as ${held.revision.slice(0, 7)}, which`;
  return { name: 'held', code: 'RevisionHeld', message: heldMessage(app, held, what) };
}

/** Whether a held commit is deployed: by a person who says so. */
export function releasesHeld({ kind, keepsHeld = false }: Pick<Trigger, 'kind' | 'keepsHeld'>): boolean {
  return kind === 'manual' && !keepsHeld;
}

/** Whether a suspension is still in force. */
export function isInForce({ until }: Pick<Suspension, 'until'>, now: number): boolean {
  return until === undefined || Date.parse(until) > now;
}

function checkMode({ app }: GatedApplication): string | undefined {
  if (app.sync.mode !== 'manual') return undefined;
  return `Application/${app.name}: sync.mode is manual; sync it manually`;
}

function checkSuspension({ app, suspended }: GatedApplication, { now }: GateRequest): string | undefined {
  if (suspended === undefined || !isInForce(suspended, now)) return undefined;
  const { reason, by, at, until } = suspended;
  const who = by === undefined ? '' : ` by ${by}`;
  const end = until === undefined ? '' : ` until ${until}`;
  return `Application/${app.name}: suspended${who} since ${at}${end}: ${reason}; resume it, or sync it manually`;
}

function checkHeld(
  { app, held }: GatedApplication,
  { trigger, keepsHeld = false, revision }: GateRequest,
): string | undefined {
  if (releasesHeld({ kind: trigger, keepsHeld })) return undefined;
  const found = held?.find((one) => one.revision === revision);
  return found && heldMessage(app.name, found, `commit ${found.revision.slice(0, 7)}`);
}

function heldMessage(app: string, { reason, at }: HeldRevision, what: string): string {
  return `Application/${app}: ${what} is held since ${at}: ${reason}; push a fix, or sync it manually with --release to deploy it anyway`;
}
