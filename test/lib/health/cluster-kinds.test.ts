import { condition, judged, kind, type Row } from './objects.ts';

const crd = kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
const budget = kind('policy/v1', 'PodDisruptionBudget');
const apiService = kind('apiregistration.k8s.io/v1', 'APIService');

const accepted = condition('NamesAccepted=True', 'NoConflicts', 'no conflicts found');
const conditions = (...list: readonly unknown[]) => ({ status: { conditions: list } });

const rows: readonly Row[] = [
  ['CustomResourceDefinition that is served', crd(conditions(accepted, condition('Established=True'))), 'Healthy', ''],
  ['CustomResourceDefinition without conditions', crd({ status: {} }), 'Progressing', 'not established yet'],
  ['CustomResourceDefinition without status', crd({}), 'Progressing', 'not established yet'],
  [
    'CustomResourceDefinition whose names were just accepted',
    crd(conditions(accepted)),
    'Progressing',
    'not established yet',
  ],
  [
    'CustomResourceDefinition that is being installed',
    crd(conditions(accepted, condition('Established=False', 'Installing', 'the initial names have been accepted'))),
    'Progressing',
    'not established yet',
  ],
  [
    'CustomResourceDefinition that is not served',
    crd(conditions(accepted, condition('Established=False', 'NotAccepted', 'not all names are accepted'))),
    'Degraded',
    'not all names are accepted',
  ],
  [
    'CustomResourceDefinition whose names are taken',
    crd(conditions(condition('NamesAccepted=False', 'PluralConflict', '"widgets" is already in use'))),
    'Degraded',
    '"widgets" is already in use',
  ],
  [
    'CustomResourceDefinition without structural schema',
    crd(
      conditions(
        accepted,
        condition('Established=True'),
        condition('NonStructuralSchema=True', 'Violations', 'spec.preserveUnknownFields: Invalid value'),
      ),
    ),
    'Degraded',
    'spec.preserveUnknownFields: Invalid value',
  ],
  [
    'CustomResourceDefinition that is terminating',
    crd(
      conditions(
        condition('Established=True'),
        condition('Terminating=True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'),
      ),
    ),
    'Progressing',
    'CustomResource deletion is in progress',
  ],
  [
    'PodDisruptionBudget that allows a disruption',
    budget(conditions(condition('DisruptionAllowed=True', 'SufficientPods'))),
    'Healthy',
    '',
  ],
  [
    'PodDisruptionBudget that allows no disruption now',
    budget(conditions(condition('DisruptionAllowed=False', 'InsufficientPods'))),
    'Healthy',
    '',
  ],
  [
    'PodDisruptionBudget that cannot be computed',
    budget(
      conditions(
        condition('DisruptionAllowed=False', 'SyncFailed', 'jobs.batch does not implement the scale subresource'),
      ),
    ),
    'Degraded',
    'jobs.batch does not implement the scale subresource',
  ],
  ['PodDisruptionBudget without conditions', budget({ status: {} }), 'Progressing', 'the budget is not computed yet'],
  [
    'PodDisruptionBudget whose condition is outdated',
    budget(conditions({ ...condition('DisruptionAllowed=True'), observedGeneration: 1 })),
    'Progressing',
    'the budget is not computed yet',
  ],
  ['APIService that is available', apiService(conditions(condition('Available=True', 'Passed'))), 'Healthy', ''],
  [
    'APIService whose endpoints are missing',
    apiService(
      conditions(
        condition('Available=False', 'MissingEndpoints', 'endpoints for service/metrics-server have no addresses'),
      ),
    ),
    'Progressing',
    'endpoints for service/metrics-server have no addresses',
  ],
  ['APIService without status', apiService({}), 'Progressing', 'not available yet'],
];

test.each(rows)('a %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
