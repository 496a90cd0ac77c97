import { turnOf } from '../../../lib/order/hooks.ts';

const annotated = (annotations: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', annotations },
});
const byDefault = ['BeforeHookCreation'];

test.each([
  ['no annotation', {}, { phase: 'Sync', wave: 0 }],
  ['a wave', { 'argocd.argoproj.io/sync-wave': '-3' }, { phase: 'Sync', wave: -3 }],
  ['our own wave', { 'driftless.dev/sync-wave': '4' }, { phase: 'Sync', wave: 4 }],
  ['an invalid wave', { 'argocd.argoproj.io/sync-wave': 'first' }, { phase: 'Sync', wave: 0 }],
  ['a hook weight without a hook', { 'helm.sh/hook-weight': '2' }, { phase: 'Sync', wave: 2 }],
  [
    'an invalid wave beside a hook weight',
    { 'argocd.argoproj.io/sync-wave': 'x', 'helm.sh/hook-weight': '2' },
    { phase: 'Sync', wave: 2 },
  ],
  ['a hook', { 'argocd.argoproj.io/hook': 'PreSync' }, { phase: 'PreSync', wave: 0, deletePolicies: byDefault }],
  [
    'a hook that is skipped',
    { 'argocd.argoproj.io/hook': 'Skip' },
    { phase: 'Skip', wave: 0, deletePolicies: byDefault },
  ],
  [
    'Skip beside another hook',
    { 'argocd.argoproj.io/hook': 'Skip, PostSync' },
    { phase: 'PostSync', wave: 0, deletePolicies: byDefault },
  ],
  ['an unknown hook', { 'argocd.argoproj.io/hook': 'presync' }, { phase: 'Skip', wave: 0, deletePolicies: byDefault }],
  [
    'a hook for deletion',
    { 'argocd.argoproj.io/hook': 'PostDelete' },
    { phase: 'Skip', wave: 0, deletePolicies: byDefault },
  ],
  [
    'a Helm hook',
    { 'helm.sh/hook': 'pre-install,pre-upgrade' },
    { phase: 'PreSync', wave: 0, deletePolicies: byDefault },
  ],
  ['a Helm test', { 'helm.sh/hook': 'test' }, { phase: 'Skip', wave: 0, deletePolicies: byDefault }],
  ['crd-install', { 'helm.sh/hook': 'crd-install' }, { phase: 'Sync', wave: 0 }],
  [
    "both tools' hooks",
    { 'argocd.argoproj.io/hook': 'PostSync', 'helm.sh/hook': 'pre-install' },
    { phase: 'PostSync', wave: 0, deletePolicies: byDefault },
  ],
  [
    "both tools' delete policies",
    {
      'argocd.argoproj.io/hook': 'Sync',
      'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded',
      'helm.sh/hook-delete-policy': 'hook-failed, hook-succeeded',
    },
    { phase: 'Sync', wave: 0, deletePolicies: ['HookSucceeded', 'HookFailed'] },
  ],
])('an object with %s has its turn', (_situation, annotations, turn) => {
  expect(turnOf(annotated(annotations))).toEqual(turn);
});
