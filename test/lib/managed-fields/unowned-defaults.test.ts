import { ownedAlso, unownedDefaults } from '../../../lib/managed-fields/unowned-defaults.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const object = (spec: unknown, fieldsV1?: Readonly<Record<string, unknown>>, manager = 'driftless'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    ...(fieldsV1 && { managedFields: [{ manager, operation: 'Apply', apiVersion: 'apps/v1', fieldsV1 }] }),
  },
  spec,
});

const ROLLING = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } };
const RECREATE = object({ strategy: { type: 'Recreate' } });

test.each<[string, string, KubeObject, KubeObject, readonly string[]]>([
  [
    'a default beside a new value',
    'spec.strategy.rollingUpdate',
    object(ROLLING, { 'f:spec': { 'f:replicas': {} } }),
    RECREATE,
    ['spec.strategy.rollingUpdate'],
  ],
  [
    'one that another manager owns',
    'spec.strategy.rollingUpdate',
    object(ROLLING, { 'f:spec': { 'f:strategy': { 'f:rollingUpdate': { 'f:maxSurge': {} } } } }, 'other'),
    RECREATE,
    [],
  ],
  ['one that a new object would have too', 'spec.strategy.rollingUpdate', object(ROLLING, {}), object(ROLLING), []],
  ['a refused field beside nothing', 'spec.replicas', object({ replicas: 1 }, {}), object({ replicas: 1 }), []],
  ['metadata', 'metadata.name', object(ROLLING, {}), RECREATE, []],
  [
    'the source of a volume',
    'spec.volumes[0].configMap',
    object(
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { 'f:spec': { 'f:volumes': { 'k:{"name":"v"}': { 'f:name': {} } } } },
    ),
    object({ volumes: [{ name: 'v', configMap: { name: 'x' } }] }),
    ['spec.volumes[v].emptyDir'],
  ],
])('P2: the defaults in the way of a refused field: %s', (_what, field, live, asNew, paths) => {
  expect(unownedDefaults([field], { live, asNew }).paths).toEqual(paths);
});

test('P2: owning them leaves every other owner as it is', () => {
  const live = object(ROLLING, { 'f:spec': { 'f:replicas': {} } });
  const { fields } = unownedDefaults(['spec.strategy.rollingUpdate'], { live, asNew: RECREATE });
  expect(ownedAlso(live.metadata.managedFields ?? [], fields, 'apps/v1')).toEqual([
    {
      manager: 'driftless',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:strategy': { 'f:rollingUpdate': {} } } },
    },
  ]);
});
