import type { DriftedObject } from '../model/drift.ts';
import type { Subject } from './targets.ts';
import type { Found } from './verdict.ts';

/** What a scan has found of one application. */
export type Finding = {
  readonly subject: Subject;
  readonly found: readonly Found[];
  readonly extras: readonly Found[];
  /** Drifted as before, without having been asked about again. */
  readonly standing: readonly DriftedObject[];
  /** Why parts of it could not be judged; empty where all were. */
  readonly unknown: readonly string[];
  /** What is to be remembered for the next scan. */
  readonly versions: Readonly<Record<string, string>>;
};
