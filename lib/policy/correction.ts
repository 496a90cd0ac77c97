// In: what has drifted, and the corrections before. Out: whether another one is to be asked for now. Another controller that wants something else changes the
// objects back each time, or something keeps them from being corrected: then corrections wait longer and longer, and end.
import type { CorrectionState, DriftedObject } from '../model/drift.ts';
import { idKey } from '../model/kube-object.ts';

const FIRST_PAUSE_MS = 2_000;
const FACTOR = 3;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** So many corrections in a row are a fight. */
const MAX_IN_A_ROW = 6;

/** In sync for so long after a correction, its objects are at peace. */
const PEACE_MS = 10 * 60_000;

export type Corrections = {
  readonly objects: readonly DriftedObject[];
  readonly before: CorrectionState | undefined;
  /** Objects of the last correction, by identity; undefined where that is not known. */
  readonly corrected: readonly string[] | undefined;
  /** What the newest correction said where it failed, or was refused. */
  readonly failure: string | undefined;
  /** Whether a person has asked for an operation since the last correction. */
  readonly isReset: boolean;
  /** Whether the application's drift is to be corrected at all now. */
  readonly isWanted: boolean;
  readonly now: number;
};

/** What is done: `ask` for a correction that counts as the n-th in a row, or nothing, with the state that stays. */
export type Decision =
  | { readonly action: 'ask'; readonly attempts: number }
  | { readonly action: 'none'; readonly state: CorrectionState | undefined };

/** Decides about a correction. */
export function decideCorrection(situation: Corrections): Decision {
  const { objects, before, corrected, isReset, isWanted, now } = situation;
  const state = isReset ? undefined : before;
  const correctable = objects.filter(isCorrectable);
  if (correctable.length === 0) return { action: 'none', state: isAtPeace(state, now) ? undefined : state };
  if (!isWanted || isGivenUp(state)) return { action: 'none', state };
  if (state === undefined || !sharesAny(correctable, corrected)) return { action: 'ask', attempts: 1 };
  if (now < Date.parse(state.notBefore)) return { action: 'none', state };
  if (!isExhausted(state)) return { action: 'ask', attempts: state.attempts + 1 };
  return { action: 'none', state: { ...state, ...givenUp(correctable, situation) } };
}

/** Whether the next correction would be one too many. */
export function isExhausted({ attempts }: CorrectionState): boolean {
  return attempts >= MAX_IN_A_ROW;
}

/** Whether corrections have ended until a person asks for one. */
export function isGivenUp(state: CorrectionState | undefined): boolean {
  return state?.fighting !== undefined || state?.failing !== undefined;
}

/** Nobody has changed back what was never corrected. */
function givenUp(objects: readonly DriftedObject[], { failure, now }: Corrections): Partial<CorrectionState> {
  const since = iso(now);
  return failure === undefined
    ? { fighting: { managers: managersOf(objects), since } }
    : { failing: { message: failure, since } };
}

/** The state after a correction was asked for. */
export function correctionAsked(attempts: number, seq: number, now: number): CorrectionState {
  const pause = Math.min(FIRST_PAUSE_MS * FACTOR ** (attempts - 1), LONGEST_PAUSE_MS);
  return { attempts, seq, notBefore: iso(now + pause) };
}

/** Whether a correction may write an object. */
export function isCorrectable({ handling, drift }: DriftedObject): boolean {
  return handling === 'correct' && drift !== 'extra';
}

function isAtPeace(state: CorrectionState | undefined, now: number): boolean {
  return state !== undefined && now > Date.parse(state.notBefore) + PEACE_MS;
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
