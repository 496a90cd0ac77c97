import { scaledBy } from '../../../lib/ignore/autoscaled.ts';
import { withoutFields } from '../../../lib/ignore/remove-fields.ts';
import { ignoredOf, isIgnored } from '../../../lib/ignore/rules.ts';
import type { IgnoreRule } from '../../../lib/model/application.ts';
import { parseFieldPath } from '../../../lib/model/field-path.ts';
import { idOf, type KubeObject } from '../../../lib/model/kube-object.ts';

const none: ReadonlySet<string> = new Set();

function object(kind: string, fields: object = {}, apiVersion = 'apps/v1'): KubeObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, ...fields };
}

/** What is left of an object when everything that is ignored is taken out. */
function left(live: KubeObject, rules: readonly IgnoreRule[] = [], scaled = none): unknown {
  const {
    metadata: _,
    apiVersion: _a,
    kind: _k,
    ...rest
  } = withoutFields(live, ignoredOf(idOf(live), live, { rules, scaled }).fields);
  return rest;
}

const deployment = object('Deployment', {
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: 'api', image: 'a', env: [{ name: 'X', value: '1' }] },
          { name: 'side', image: 's' },
        ],
      },
    },
  },
});

test.each([
  ['a path', ['spec.replicas', 'spec.template'], {}],
  [
    'a JSON pointer',
    ['/spec/replicas', '/spec/template/spec/containers/1'],
    { spec: { template: { spec: { containers: [{ name: 'api', image: 'a', env: [{ name: 'X', value: '1' }] }] } } } },
  ],
  [
    'an item by its key',
    ['spec.template.spec.containers[api]', 'spec.replicas'],
    { spec: { template: { spec: { containers: [{ name: 'side', image: 's' }] } } } },
  ],
  [
    'any item',
    ['spec.template.spec.containers[*].image', 'spec.template.spec.containers[*].env', 'spec.replicas'],
    { spec: { template: { spec: { containers: [{ name: 'api' }, { name: 'side' }] } } } },
  ],
  ['any field', ['spec.*'], {}],
  ['everything', ['*'], {}],
  ['what is not there', ['spec.other', 'data'], { spec: deployment.spec }],
])('%s is taken out, and what that leaves empty with it', (_what, fields, expected) => {
  expect(left(deployment, [{ fields }])).toEqual(expected);
});

test('identity and owners of fields stay whatever is taken out', () => {
  const managedFields = [{ manager: 'driftless', operation: 'Apply' }];
  const live: KubeObject = {
    ...deployment,
    metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' }, managedFields },
  };
  expect(withoutFields(live, [['metadata'], ['kind'], ['spec']])).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', managedFields },
  });
});

test.each([
  [{ kind: 'Deploy*' }, true],
  [{ kind: 'StatefulSet' }, false],
  [{ group: '' }, false],
  [{ group: 'apps', namespace: 's*', name: '*b' }, true],
  [{ namespace: 'other' }, false],
])('a rule for %j applies: %s', (rule, applies) => {
  expect(left(deployment, [{ ...rule, fields: ['spec'] }])).toEqual(applies ? {} : { spec: deployment.spec });
});

test('a whole object is left out by a rule without managers only', () => {
  const id = idOf(deployment);
  expect(isIgnored(id, [{ fields: ['*'] }])).toBe(true);
  expect(isIgnored(id, [{ fields: ['*'], managers: ['x'] }])).toBe(false);
  expect(isIgnored(id, [{ fields: ['spec'] }, { kind: 'Job', fields: ['*'] }])).toBe(false);
});

test.each([
  ['the HPA', 'kube-controller-manager', 'scale', undefined],
  ['a person', 'kubectl', 'scale', 3],
  ['another controller', 'operator', undefined, 3],
])('replicas that %s has set are %s', (_who, manager, subresource, expected) => {
  const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
  const entry = { manager, operation: 'Update', fieldsV1, ...(subresource !== undefined && { subresource }) };
  const live = {
    ...object('Deployment', { spec: { replicas: 3 } }),
    metadata: { name: 'web', managedFields: [entry] },
  };
  expect(left(live)).toEqual(expected === undefined ? {} : { spec: { replicas: expected } });
});

test.each([
  ['autoscaling/v2', 'HorizontalPodAutoscaler', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
  ['keda.sh/v1alpha1', 'ScaledObject', { name: 'web' }],
])('replicas of what %s %s of the application scales are ignored', (apiVersion, kind, scaleTargetRef) => {
  const scaled = scaledBy([object(kind, { spec: { scaleTargetRef } }, apiVersion)]);
  expect(left(object('Deployment', { spec: { replicas: 3, paused: true } }), [], scaled)).toEqual({
    spec: { paused: true },
  });
  expect(left(object('StatefulSet', { spec: { replicas: 3 } }), [], scaled)).toEqual({ spec: { replicas: 3 } });
});

test.each([
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    { webhooks: [{ name: 'a', clientConfig: { caBundle: 'x', url: 'u' } }] },
    { webhooks: [{ name: 'a', clientConfig: { url: 'u' } }] },
  ],
  [
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    { webhooks: [{ name: 'a', clientConfig: { caBundle: 'x' } }] },
    { webhooks: [{ name: 'a' }] },
  ],
  ['apiregistration.k8s.io/v1', 'APIService', { spec: { caBundle: 'x', group: 'g' } }, { spec: { group: 'g' } }],
  [
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { spec: { conversion: { strategy: 'Webhook', webhook: { clientConfig: { caBundle: 'x' } } } } },
    { spec: { conversion: { strategy: 'Webhook' } } },
  ],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', { aggregationRule: {}, rules: [1] }, { aggregationRule: {} }],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [1] }, { rules: [1] }],
  ['v1', 'ServiceAccount', { secrets: [{ name: 't' }] }, {}],
  [
    'v1',
    'PersistentVolumeClaim',
    { spec: { volumeName: 'pv', storageClassName: 's' } },
    { spec: { storageClassName: 's' } },
  ],
])('of %s %s what its controllers set is ignored', (apiVersion, kind, fields, expected) => {
  expect(left(object(kind, fields, apiVersion))).toEqual(expected);
});

test.each([
  ['spec.replicas', ['spec', 'replicas']],
  ['metadata.labels["app.kubernetes.io/name"]', ['metadata', 'labels', 'app.kubernetes.io/name']],
  ['data["with \\"quotes\\""]', ['data', 'with "quotes"']],
  ['spec.containers[api].ports[80].name', ['spec', 'containers', 'api', 'ports', '80', 'name']],
  ['/metadata/annotations/example.com~1a~0b', ['metadata', 'annotations', 'example.com/a~b']],
  ['*', []],
  ['spec.', undefined],
  ['.spec', undefined],
  ['spec[', undefined],
  ['spec[]', undefined],
  ['spec["a]', undefined],
  ['spec replicas', undefined],
  ['/a~2', undefined],
  ['', undefined],
])('the path %s has the steps %j', (text, steps) => {
  expect(parseFieldPath(text)).toEqual(steps);
});
