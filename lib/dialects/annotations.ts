// The annotations that are honoured, each tool's beside the others that mean the same. docs/annotations.md explains every row, and a test compares the two.
import type { KubeObject } from '../model/kube-object.ts';

/** When an object is applied: the four phases of Argo CD. */
export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

/** When a hook's object is removed, in Argo CD's terms. */
export type HookDeletePolicy = 'BeforeHookCreation' | 'HookSucceeded' | 'HookFailed';

/** One annotation of one tool. */
export type Annotation<Meaning extends string> = {
  readonly tool: 'Driftless' | 'Argo CD' | 'Helm' | 'Flux';
  readonly name: string;
  /** What each accepted value means. */
  readonly values: Readonly<Record<string, Meaning>>;
  /** Without it the value counts exactly as it is written. */
  readonly form?: 'list' | 'any case' | 'whole number';
};

type Table = {
  readonly hook: readonly Annotation<SyncPhase | 'Skip' | 'NoHook'>[];
  readonly hookDeletePolicy: readonly Annotation<HookDeletePolicy>[];
  readonly wave: readonly Annotation<never>[];
  readonly prune: readonly Annotation<'no'>[];
  readonly recreate: readonly Annotation<'yes' | 'no'>[];
  readonly drift: readonly Annotation<'off' | 'report' | 'correct'>[];
  readonly ignoreHealth: readonly Annotation<'yes'>[];
  readonly ignoreRestartPolicy: readonly Annotation<'yes'>[];
};

/** What is honoured, by meaning; of one meaning, the annotation that takes precedence is first. */
export const ANNOTATIONS: Table = {
  hook: [
    {
      tool: 'Argo CD',
      name: 'argocd.argoproj.io/hook',
      form: 'list',
      values: {
        PreSync: 'PreSync',
        Sync: 'Sync',
        PostSync: 'PostSync',
        SyncFail: 'SyncFail',
        Skip: 'Skip',
        PreDelete: 'Skip',
        PostDelete: 'Skip',
      },
    },
    // As Argo CD maps them: rollback and test hooks never run.
    {
      tool: 'Helm',
      name: 'helm.sh/hook',
      form: 'list',
      values: {
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
        'crd-install': 'NoHook',
      },
    },
  ],
  hookDeletePolicy: [
    {
      tool: 'Argo CD',
      name: 'argocd.argoproj.io/hook-delete-policy',
      form: 'list',
      values: {
        BeforeHookCreation: 'BeforeHookCreation',
        HookSucceeded: 'HookSucceeded',
        HookFailed: 'HookFailed',
      },
    },
    {
      tool: 'Helm',
      name: 'helm.sh/hook-delete-policy',
      form: 'list',
      values: {
        'before-hook-creation': 'BeforeHookCreation',
        'hook-succeeded': 'HookSucceeded',
        'hook-failed': 'HookFailed',
      },
    },
  ],
  wave: [
    { tool: 'Argo CD', name: 'argocd.argoproj.io/sync-wave', form: 'whole number', values: {} },
    { tool: 'Driftless', name: 'driftless.dev/sync-wave', form: 'whole number', values: {} },
    { tool: 'Helm', name: 'helm.sh/hook-weight', form: 'whole number', values: {} },
  ],
  prune: [
    { tool: 'Argo CD', name: 'argocd.argoproj.io/sync-options', form: 'list', values: { 'Prune=false': 'no' } },
    { tool: 'Helm', name: 'helm.sh/resource-policy', values: { keep: 'no' } },
    { tool: 'Flux', name: 'kustomize.toolkit.fluxcd.io/prune', form: 'any case', values: { disabled: 'no' } },
    { tool: 'Driftless', name: 'driftless.dev/prune', values: { false: 'no' } },
  ],
  recreate: [{ tool: 'Driftless', name: 'driftless.dev/recreate', values: { true: 'yes', false: 'no' } }],
  drift: [
    {
      tool: 'Driftless',
      name: 'driftless.dev/drift',
      values: { off: 'off', report: 'report', correct: 'correct' },
    },
  ],
  ignoreHealth: [
    { tool: 'Driftless', name: 'driftless.dev/ignore-health', values: { true: 'yes' } },
    { tool: 'Argo CD', name: 'argocd.argoproj.io/ignore-healthcheck', values: { true: 'yes' } },
  ],
  ignoreRestartPolicy: [{ tool: 'Argo CD', name: 'argocd.argoproj.io/ignore-restart-policy', values: { true: 'yes' } }],
};

/** One value of one annotation. */
type Stated<Meaning extends string> = {
  readonly name: string;
  readonly value: string;
  /** Undefined for a value that the table does not list. */
  readonly meaning: Meaning | undefined;
};

/** The values that an object has for `annotations`, in the order of the table; a list gives one for each of its words. */
export function statedIn<Meaning extends string>(
  { metadata }: Pick<KubeObject, 'metadata'>,
  annotations: readonly Annotation<Meaning>[],
): readonly Stated<Meaning>[] {
  return annotations.flatMap(({ name, form, values }) => {
    const text = metadata.annotations?.[name];
    if (text === undefined) return [];
    const meanings = new Map(Object.entries(values));
    return wordsOf(text, form).map((value) => ({ name, value, meaning: meanings.get(value) }));
  });
}

/** What an object says, in the first annotation with a value that the table lists. */
export function meaningIn<Meaning extends string>(
  object: Pick<KubeObject, 'metadata'>,
  annotations: readonly Annotation<Meaning>[],
): Meaning | undefined {
  return statedIn(object, annotations).find(({ meaning }) => meaning !== undefined)?.meaning;
}

function wordsOf(text: string, form: Annotation<string>['form']): readonly string[] {
  if (form === 'any case') return [text.toLowerCase()];
  if (form !== 'list') return [text];
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
