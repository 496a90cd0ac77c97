import { condition, judged, kind, type Row } from './objects.ts';

const widget = kind('acme.example/v1', 'Widget');
const conditions = (...list: readonly unknown[]) => ({ status: { conditions: list } });

const ready = condition('Ready=True', 'Succeeded', 'all is well');
const failed = condition('Ready=False', 'Failed', 'no such bucket');
const unknown = condition('Ready=Unknown', 'Waiting', 'waiting for the provider');

const generic: readonly Row[] = [
  ['is ready', widget(conditions(ready)), 'Healthy', ''],
  ['is not ready', widget(conditions(failed)), 'Progressing', 'no such bucket'],
  ['may be ready', widget(conditions(unknown)), 'Progressing', 'waiting for the provider'],
  ['is not ready and does not say why', widget(conditions(condition('Ready=False'))), 'Progressing', 'Ready is False'],
  [
    'is not ready and gives a reason only',
    widget(conditions(condition('Ready=False', 'Creating'))),
    'Progressing',
    'Creating',
  ],
  [
    'is being reconciled',
    widget(conditions(ready, condition('Reconciling=True', 'Progressing', 'building'))),
    'Progressing',
    'building',
  ],
  [
    'is stalled',
    widget(conditions(failed, condition('Stalled=True', 'InvalidSpec', 'spec.size must be positive'))),
    'Degraded',
    'spec.size must be positive',
  ],
  [
    'is not stalled',
    widget(conditions(ready, condition('Stalled=False'), condition('Reconciling=False'))),
    'Healthy',
    '',
  ],
  ['has no status', widget({ spec: { size: 1 } }), 'Healthy', ''],
  ['has a status without conditions', widget({ status: { size: 1 } }), 'Healthy', ''],
  ['has other conditions', widget(conditions(condition('Synced=False', 'X', 'y'))), 'Healthy', ''],
  [
    'has an outdated status',
    widget({ status: { observedGeneration: 1, conditions: [ready] } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'has an outdated status without conditions',
    widget({ status: { observedGeneration: -1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'has an outdated condition',
    widget(conditions({ ...ready, observedGeneration: 1 })),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'was stalled before the change',
    widget(conditions(ready, { ...condition('Stalled=True'), observedGeneration: 1 })),
    'Healthy',
    '',
  ],
  ['has a current condition', widget(conditions({ ...ready, observedGeneration: 2 })), 'Healthy', ''],
  ['has conditions that are no list', widget({ status: { conditions: { Ready: true } } }), 'Healthy', ''],
  [
    'has something else among its conditions',
    widget(conditions('Ready', null, 7, failed)),
    'Progressing',
    'no such bucket',
  ],
];

test.each(generic)('a custom resource that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const quiet: readonly Row[] = [
  ['ConfigMap', kind('v1', 'ConfigMap')({}), 'Healthy', ''],
  ['Secret', kind('v1', 'Secret')({}), 'Healthy', ''],
  ['ServiceAccount', kind('v1', 'ServiceAccount')({}), 'Healthy', ''],
  ['ClusterRole', kind('rbac.authorization.k8s.io/v1', 'ClusterRole')({}), 'Healthy', ''],
  ['NetworkPolicy', kind('networking.k8s.io/v1', 'NetworkPolicy')({}), 'Healthy', ''],
];

test.each(quiet)('a %s is Healthy as soon as it exists', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
