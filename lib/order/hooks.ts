import { ANNOTATIONS, type HookDeletePolicy, type SyncPhase, statedIn } from '../dialects/annotations.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** When an object is applied and removed, by its annotations. */
export type Turn = {
  /** `Skip`: the object is not applied at all. */
  readonly phase: SyncPhase | 'Skip';
  readonly wave: number;
  /** Set on hooks only: they run on each deployment, and are no part of the application's state. */
  readonly deletePolicies?: readonly HookDeletePolicy[];
};

/** Reads phase, wave and hook policies of an object from Argo CD's and Helm's annotations (reference: Argo CD, sync phases and waves). */
export function turnOf(object: KubeObject): Turn {
  const wave = waveOf(object);
  const phases = hookPhases(object);
  if (phases.length === 0) return { phase: 'Sync', wave };
  const phase = phases.find((candidate) => candidate !== 'Skip') ?? 'Skip';
  return { phase, wave, deletePolicies: deletePoliciesOf(object) };
}

/** Of hooks of two tools, those of the first count. */
function hookPhases(object: KubeObject): readonly (SyncPhase | 'Skip')[] {
  const all = statedIn(object, ANNOTATIONS.hook);
  const own = all.filter(({ name }) => name === all[0]?.name);
  // An unknown phase alone makes Argo CD ignore the object, as Skip does.
  return own.map(({ meaning = 'Skip' }) => meaning).filter((meaning) => meaning !== 'NoHook');
}

function waveOf(object: KubeObject): number {
  const waves = statedIn(object, ANNOTATIONS.wave).map(({ value }) => integer(value));
  return waves.find((wave) => wave !== undefined) ?? 0;
}

function deletePoliciesOf(object: KubeObject): readonly HookDeletePolicy[] {
  const named = statedIn(object, ANNOTATIONS.hookDeletePolicy).flatMap(({ meaning }) => meaning ?? []);
  return named.length > 0 ? [...new Set(named)] : ['BeforeHookCreation'];
}

function integer(text: string): number | undefined {
  return /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
