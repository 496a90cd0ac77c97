import { podSelectorOf } from '../../../lib/health/rollout-health.ts';
import { kind } from './objects.ts';

const labels = { app: 'api', 'acme.example/tier': 'web' };
const expressions = [
  { key: 'track', operator: 'In', values: ['stable', 'canary'] },
  { key: 'zone', operator: 'NotIn', values: ['c'] },
  { key: 'owner', operator: 'Exists' },
  { key: 'legacy', operator: 'DoesNotExist' },
];

test.each([
  ['labels', 'apps/v1', 'Deployment', { matchLabels: labels }, 'app=api,acme.example/tier=web'],
  [
    'expressions',
    'apps/v1',
    'StatefulSet',
    { matchExpressions: expressions },
    'track in (stable,canary),zone notin (c),owner,!legacy',
  ],
  [
    'both',
    'apps/v1',
    'DaemonSet',
    { matchLabels: { app: 'api' }, matchExpressions: expressions.slice(2, 3) },
    'app=api,owner',
  ],
  [
    'labels',
    'batch/v1',
    'Job',
    { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
    'batch.kubernetes.io/controller-uid=u',
  ],
  ['plain labels', 'v1', 'ReplicationController', { app: 'api' }, 'app=api'],
  ['nothing', 'apps/v1', 'Deployment', {}, undefined],
  ['a number', 'apps/v1', 'Deployment', 7, undefined],
  ['labels', 'v1', 'Service', { app: 'api' }, undefined],
] as const)('a selector of %s of a %s %s is written for a list of pods', (_title, apiVersion, name, selector, text) => {
  expect(podSelectorOf(kind(apiVersion, name)({ spec: { selector } }))).toBe(text);
});
