// In: what is to be applied. Out: stages, one after the other; each is applied tier by tier and must be healthy before the next begins.
import type { HookDeletePolicy, SyncPhase } from '../dialects/annotations.ts';
import { definedKinds } from '../model/definition.ts';
import { groupOf, type KubeObject, kindKey } from '../model/kube-object.ts';
import { turnOf } from './hooks.ts';
import { rankOf } from './kinds.ts';

const PHASES: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];

type Ordered<T> = T & {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly deletePolicies?: readonly HookDeletePolicy[];
};

/** Objects of one phase and wave, in tiers. */
export type Stage<T> = {
  readonly phase: SyncPhase;
  readonly wave: number;
  readonly tiers: readonly (readonly T[])[];
};

/** Splits objects into stages; objects that are to be skipped are omitted. */
export function stagesOf<T extends { readonly object: KubeObject }>(items: readonly T[]): readonly Stage<Ordered<T>>[] {
  const ordered = pullForward(items.flatMap(withTurn)).sort(byTurn);
  const stages: { phase: SyncPhase; wave: number; tiers: Ordered<T>[][] }[] = [];
  for (const item of ordered) {
    let stage = stages.at(-1);
    if (stage?.phase !== item.phase || stage.wave !== item.wave) {
      stage = { phase: item.phase, wave: item.wave, tiers: [] };
      stages.push(stage);
    }
    const tier = stage.tiers.at(-1);
    if (tier?.[0] !== undefined && tierOf(tier[0]) === tierOf(item)) tier.push(item);
    else stage.tiers.push([item]);
  }
  return stages;
}

/** The order in which objects are applied, flat. */
export function applyOrder<T extends { readonly object: KubeObject }>(items: readonly T[]): readonly T[] {
  return stagesOf(items).flatMap(({ tiers }) => tiers.flat());
}

function withTurn<T extends { readonly object: KubeObject }>(item: T): Ordered<T>[] {
  const { phase, wave, deletePolicies } = turnOf(item.object);
  if (phase === 'Skip') return [];
  return [{ ...item, phase, wave, ...(deletePolicies && { deletePolicies }) }];
}

/** A Namespace or CRD that something earlier needs moves to the earliest of these, as in Argo CD. */
function pullForward<T extends { readonly object: KubeObject }>(items: Ordered<T>[]): Ordered<T>[] {
  const earliest = new Map<string, { phase: SyncPhase; wave: number }>();
  for (const item of items) {
    for (const need of needsOf(item.object)) {
      const known = earliest.get(need);
      if (known === undefined || byPhaseAndWave(item, known) < 0) earliest.set(need, item);
    }
  }
  return items.map((item) => {
    const first = providesOf(item.object).flatMap((need) => earliest.get(need) ?? [])[0];
    return first !== undefined && byPhaseAndWave(first, item) < 0
      ? { ...item, phase: first.phase, wave: first.wave }
      : item;
  });
}

function needsOf(object: KubeObject): readonly string[] {
  const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
  const { namespace } = object.metadata;
  return namespace === undefined ? [kind] : [kind, `namespace ${namespace}`];
}

function providesOf(object: KubeObject): readonly string[] {
  if (object.apiVersion === 'v1' && object.kind === 'Namespace') return [`namespace ${object.metadata.name}`];
  return definedKinds(object).map(kindKey);
}

function tierOf(item: { readonly object: KubeObject }): number {
  return rankOf(item.object.kind).tier;
}

type PhaseAndWave = { readonly phase: SyncPhase; readonly wave: number };

function byPhaseAndWave(a: PhaseAndWave, b: PhaseAndWave): number {
  return PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || a.wave - b.wave;
}

function byTurn<T extends { readonly object: KubeObject }>(a: Ordered<T>, b: Ordered<T>): number {
  const [left, right] = [a.object, b.object];
  const [leftRank, rightRank] = [rankOf(left.kind), rankOf(right.kind)];
  return (
    byPhaseAndWave(a, b) ||
    leftRank.tier - rightRank.tier ||
    leftRank.place - rightRank.place ||
    compare(left.kind, right.kind) ||
    compare(left.metadata.namespace ?? '', right.metadata.namespace ?? '') ||
    compare(left.metadata.name, right.metadata.name)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
