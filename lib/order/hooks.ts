import type { KubeObject } from '../model/kube-object.ts';

/** When an object is applied: the four phases of Argo CD. */
export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

/** When a hook's object is removed; Argo CD's words. */
export type HookDeletePolicy = 'BeforeHookCreation' | 'HookSucceeded' | 'HookFailed';

/** When an object is applied and removed, by its annotations. */
export type Turn = {
  /** `Skip`: the object is not applied at all. */
  readonly phase: SyncPhase | 'Skip';
  readonly wave: number;
  /** Set on hooks only: they run on each deployment, and are no part of the application's state. */
  readonly deletePolicies?: readonly HookDeletePolicy[];
};

const ARGO_HOOK = 'argocd.argoproj.io/hook';
const HELM_HOOK = 'helm.sh/hook';

const ARGO_PHASES: Readonly<Record<string, SyncPhase | 'Skip'>> = {
  PreSync: 'PreSync',
  Sync: 'Sync',
  PostSync: 'PostSync',
  SyncFail: 'SyncFail',
  Skip: 'Skip',
  PreDelete: 'Skip',
  PostDelete: 'Skip',
};

/** Helm's hooks as Argo CD maps them; `crd-install` is an ordinary object, rollback and test hooks never run. */
const HELM_PHASES: Readonly<Record<string, SyncPhase | 'Skip'>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'Skip',
  'post-delete': 'Skip',
  'pre-rollback': 'Skip',
  'post-rollback': 'Skip',
  test: 'Skip',
  'test-success': 'Skip',
};

const POLICIES: Readonly<Record<string, HookDeletePolicy>> = {
  BeforeHookCreation: 'BeforeHookCreation',
  HookSucceeded: 'HookSucceeded',
  HookFailed: 'HookFailed',
  'before-hook-creation': 'BeforeHookCreation',
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
};

/** Reads phase, wave and hook policies of an object from Argo CD's and Helm's annotations (reference: Argo CD, sync phases and waves). */
export function turnOf(object: KubeObject): Turn {
  const annotations = object.metadata.annotations ?? {};
  const wave = waveOf(annotations);
  const phases = hookPhases(annotations);
  if (phases.length === 0) return { phase: 'Sync', wave };
  const phase = phases.find((candidate) => candidate !== 'Skip') ?? 'Skip';
  return { phase, wave, deletePolicies: deletePoliciesOf(annotations) };
}

function hookPhases(annotations: Readonly<Record<string, string>>): readonly (SyncPhase | 'Skip')[] {
  const argo = words(annotations[ARGO_HOOK]);
  // An unknown phase alone makes Argo CD ignore the object, as Skip does.
  if (argo.length > 0) return argo.map((word) => ARGO_PHASES[word] ?? 'Skip');
  const helm = words(annotations[HELM_HOOK]).filter((word) => word !== 'crd-install');
  return helm.map((word) => HELM_PHASES[word] ?? 'Skip');
}

function waveOf(annotations: Readonly<Record<string, string>>): number {
  return (
    integer(annotations['argocd.argoproj.io/sync-wave']) ??
    integer(annotations['driftless.dev/sync-wave']) ??
    integer(annotations['helm.sh/hook-weight']) ??
    0
  );
}

function deletePoliciesOf(annotations: Readonly<Record<string, string>>): readonly HookDeletePolicy[] {
  const named = [
    ...words(annotations['argocd.argoproj.io/hook-delete-policy']),
    ...words(annotations['helm.sh/hook-delete-policy']),
  ].flatMap((word) => POLICIES[word] ?? []);
  return named.length > 0 ? [...new Set(named)] : ['BeforeHookCreation'];
}

function words(list: string | undefined): readonly string[] {
  return (list ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
