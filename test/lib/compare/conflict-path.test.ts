import { parse } from 'yaml';
import { conflictPath } from '../../../lib/compare/conflict-path.ts';
import { refusalsOf } from '../../../lib/compare/refusals.ts';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { parseFieldPath } from '../../../lib/model/field-path.ts';

const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'a' }, annotations: { 'x.io/y.z': 'b' } },
  data: { 'a.b': '1', a: { b: '2' }, 'a.b.c': '3' },
  spec: {
    containers: [{ name: 'api', ports: [{ containerPort: 80 }], env: [{ name: 'A.B', value: 'x' }] }],
    webhooks: [{ name: 'rev.validation.istio.io', failurePolicy: 'Ignore' }],
  },
};

test.each([
  ['spec.replicas', 'spec.replicas', ['spec', 'replicas']],
  ['data.a.b', 'data["a.b"]', ['data', 'a.b']],
  ['data.a.b.c', 'data["a.b.c"]', ['data', 'a.b.c']],
  [
    'metadata.labels.app.kubernetes.io/name',
    'metadata.labels["app.kubernetes.io/name"]',
    ['metadata', 'labels', 'app.kubernetes.io/name'],
  ],
  ['metadata.annotations.x.io/y.z', 'metadata.annotations["x.io/y.z"]', ['metadata', 'annotations', 'x.io/y.z']],
  ['spec.containers[name="api"].image', 'spec.containers[api].image', ['spec', 'containers', 'api', 'image']],
  [
    'spec.containers[name="api"].ports[containerPort=80,protocol="TCP"].name',
    'spec.containers[api].ports[80].name',
    ['spec', 'containers', 'api', 'ports', '80', 'name'],
  ],
  [
    'spec.containers[name="api"].env[name="A.B"].value',
    'spec.containers[api].env[A.B].value',
    ['spec', 'containers', 'api', 'env', 'A.B', 'value'],
  ],
  [
    'spec.webhooks[name="rev.validation.istio.io"].failurePolicy',
    'spec.webhooks[rev.validation.istio.io].failurePolicy',
    ['spec', 'webhooks', 'rev.validation.istio.io', 'failurePolicy'],
  ],
])('P10: the field %s of a conflict is %s in a rule', (field, path, steps) => {
  expect(conflictPath(field, object)).toBe(path);
  expect(parseFieldPath(path)).toEqual(steps);
});

test('P10: the lines of the remedies are those that an Application takes', () => {
  const id = { group: 'apps', kind: 'Deployment', name: 'web', namespace: 'shop' };
  const conflicts = [{ manager: 'istiod', field: '.metadata.labels.app.kubernetes.io/name' }];
  const [refusal] = refusalsOf({ id, object, source: 'a.yaml:1' }, { status: 'conflict', conflicts });
  const [ignore = '', force = ''] = [...(refusal?.message ?? '').matchAll(/`([^`]*)`/g)].map(([, line = '']) => line);
  const application = {
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: {
      source: { repo: 'https://git.test/a/b' },
      destination: { namespace: 'shop' },
      ...parse(ignore),
      ...parse(force),
    },
  };
  const parsed = parseConfig(new Map([['a.yaml', JSON.stringify(application)]]));
  expect(parsed).toMatchObject({
    ok: true,
    config: {
      applications: [
        {
          sync: { force: true },
          drift: {
            ignore: [{ kind: 'Deployment', name: 'web', fields: ['metadata.labels["app.kubernetes.io/name"]'] }],
          },
        },
      ],
    },
  });
});
