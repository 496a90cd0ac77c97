import { leaveIgnored } from '../../../lib/drift/leave-ignored.ts';
import type { IgnoreRule } from '../../../lib/model/application.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { applicationOf } from '../render/fixture.ts';
import { inStore } from './drift-rig.ts';

const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'api', image: 'v1' },
          { name: 'side', image: 'v1' },
        ],
      },
    },
  },
};

const entry = (manager: string, fieldsV1: object, subresource?: string) => ({
  manager,
  operation: 'Update',
  fieldsV1: { ...fieldsV1 },
  ...(subresource !== undefined && { subresource }),
});

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const image = (container: string) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { [`k:{"name":"${container}"}`]: { 'f:image': {} } } } } },
});

/** The specification that a correction applies, with these others at the live object. */
async function applied(
  others: readonly object[],
  ignore: readonly IgnoreRule[] = [],
  only = 'apps/Deployment/store/web',
) {
  const cluster = new FakeCluster('store');
  cluster.put(inStore(web), 'driftless');
  cluster.edit('Deployment/store/web', (live) => ({
    ...live,
    metadata: { ...live.metadata, managedFields: [...(live.metadata.managedFields ?? []), ...others] },
  }));
  const base = applicationOf({});
  const app = { ...base, drift: { ...base.drift, ignore } };
  const correction = { app, only: new Set([only]), cluster };
  const [manifest] = await leaveIgnored([{ object: web, file: 'all.yaml' }], correction);
  return manifest?.object.spec;
}

test('the replicas of an autoscaler stay its own when something else is corrected', async () => {
  const spec = await applied([entry('kube-controller-manager', REPLICAS, 'scale')]);
  expect(spec).toEqual({
    template: {
      spec: {
        containers: [
          { name: 'api', image: 'v1' },
          { name: 'side', image: 'v1' },
        ],
      },
    },
  });
});

test.each([
  ['what nobody ignores', [entry('kubectl', REPLICAS)], []],
  ['what is ignored and ours alone', [], [{ fields: ['spec.replicas'] }]],
  ['what another manager owns than the rule names', [entry('kubectl', REPLICAS)], [{ managers: ['istio*'] }]],
])('%s is applied', async (_what, others, rules) => {
  expect(await applied(others, rules)).toEqual(web.spec);
});

test.each([
  ['a field', [{ fields: ['spec.replicas'] }], [entry('kubectl', REPLICAS)], 'replicas'],
  ['a manager', [{ managers: ['kube*'] }], [entry('kubectl', REPLICAS)], 'replicas'],
  [
    'an item by its place',
    [{ fields: ['/spec/template/spec/containers/1/image'] }],
    [entry('kubectl', image('side'))],
    'side',
  ],
  ['any item', [{ fields: ['spec.template.spec.containers[*].image'] }], [entry('kubectl', image('side'))], 'side'],
])('what a rule for %s leaves to others is not applied', async (_what, rules, others, gone) => {
  const containers = [{ name: 'api', image: 'v1' }, gone === 'side' ? { name: 'side' } : { name: 'side', image: 'v1' }];
  const template = { spec: { containers } };
  expect(await applied(others, rules)).toEqual({ ...(gone !== 'replicas' && { replicas: 1 }), template });
});

test('an object that is not corrected is not even read', async () => {
  const spec = await applied(
    [entry('kubectl', REPLICAS)],
    [{ fields: ['spec.replicas'] }],
    'apps/Deployment/store/other',
  );
  expect(spec).toEqual(web.spec);
});
