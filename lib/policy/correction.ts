// In: the drifted objects, and the earlier corrections. Out: whether a correction is requested now. Where another controller reverts each correction, or each
// correction fails, the pauses between corrections grow, and corrections end.
import type { CorrectionState, DriftedObject } from '../model/drift.ts';
import { idKey } from '../model/kube-object.ts';

const FIRST_PAUSE_MS = 2_000;
const FACTOR = 3;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** After this many corrections in a row the objects are contended. */
const MAX_IN_A_ROW = 6;

/** Objects that stay in sync this long after a correction are no longer contended. */
const SETTLED_MS = 10 * 60_000;

export type Corrections = {
  readonly objects: readonly DriftedObject[];
  readonly before: CorrectionState | undefined;
  /** Objects of the last correction, by identity; undefined where they are not known. */
  readonly corrected: readonly string[] | undefined;
  /** The message of the newest correction where it failed, or was refused. */
  readonly failure: string | undefined;
  /** Whether a person has requested an operation since the last correction. */
  readonly isReset: boolean;
  /** Whether no gate blocks a correction now. */
  readonly isUnblocked: boolean;
  readonly now: number;
};

/** `request` a correction that counts as the n-th in a row, or `none`, with the state that stays. */
export type CorrectionDecision =
  | { readonly action: 'request'; readonly attempts: number }
  | { readonly action: 'none'; readonly state: CorrectionState | undefined };

/** Decides whether a correction is requested. */
export function decideCorrection(situation: Corrections): CorrectionDecision {
  const { objects, before, corrected, isReset, isUnblocked, now } = situation;
  const state = isReset ? undefined : before;
  const correctable = objects.filter(isCorrectable);
  if (correctable.length === 0) return { action: 'none', state: isSettled(state, now) ? undefined : state };
  if (!isUnblocked || isGivenUp(state)) return { action: 'none', state };
  if (state === undefined || !sharesAny(correctable, corrected)) return { action: 'request', attempts: 1 };
  if (now < Date.parse(state.notBefore)) return { action: 'none', state };
  if (!isExhausted(state)) return { action: 'request', attempts: state.attempts + 1 };
  return { action: 'none', state: { ...state, ...givenUp(correctable, situation) } };
}

/** Whether the next correction would be one too many. */
export function isExhausted({ attempts }: CorrectionState): boolean {
  return attempts >= MAX_IN_A_ROW;
}

/** Whether corrections have ended until a person requests an operation. */
export function isGivenUp(state: CorrectionState | undefined): boolean {
  return state?.fighting !== undefined || state?.failing !== undefined;
}

/** Objects are contended only where corrections succeeded; failing corrections report their message instead. */
function givenUp(objects: readonly DriftedObject[], { failure, now }: Corrections): Partial<CorrectionState> {
  const since = iso(now);
  return failure === undefined
    ? { fighting: { managers: managersOf(objects), since } }
    : { failing: { message: failure, since } };
}

/** The state after a correction was requested. */
export function correctionRequested(attempts: number, seq: number, now: number): CorrectionState {
  const pause = Math.min(FIRST_PAUSE_MS * FACTOR ** (attempts - 1), LONGEST_PAUSE_MS);
  return { attempts, seq, notBefore: iso(now + pause) };
}

/** Whether a correction may write an object. */
export function isCorrectable({ handling, drift }: DriftedObject): boolean {
  return handling === 'correct' && drift !== 'extra';
}

function isSettled(state: CorrectionState | undefined, now: number): boolean {
  return state !== undefined && now > Date.parse(state.notBefore) + SETTLED_MS;
}

function sharesAny(objects: readonly DriftedObject[], corrected: readonly string[] | undefined): boolean {
  return corrected === undefined || objects.some(({ id }) => corrected.includes(idKey(id)));
}

function managersOf(objects: readonly DriftedObject[]): readonly string[] {
  return [...new Set(objects.flatMap(({ by }) => by.flatMap(({ manager }) => manager ?? [])))].sort();
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
