import { diffObjects } from '../../../lib/diff/diff.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const deployment = (containers: readonly object[], more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', namespace: 'shop', resourceVersion: '1', generation: 1, ...more },
  spec: { replicas: 1, template: { spec: { containers } } },
});

test('a changed image is named by the container, not by its place', () => {
  const live = deployment([
    { name: 'sidecar', image: 's:1' },
    { name: 'api', image: 'v1' },
  ]);
  const desired = deployment([
    { name: 'api', image: 'v2' },
    { name: 'sidecar', image: 's:1' },
  ]);
  expect(diffObjects(live, desired)).toEqual([
    { path: 'spec.template.spec.containers[api].image', from: 'v1', to: 'v2' },
  ]);
});

test.each([
  ['a field that is added', { data: { a: '1' } }, { data: { a: '1', b: '2' } }, [{ path: 'data.b', to: '2' }]],
  ['a field that is removed', { data: { a: '1', b: '2' } }, { data: { a: '1' } }, [{ path: 'data.b', from: '2' }]],
  ['a value that becomes null', { data: { a: '1' } }, { data: { a: null } }, [{ path: 'data.a', from: '1', to: null }]],
  [
    'a list without names',
    { args: ['a', 'b'] },
    { args: ['b', 'a'] },
    [{ path: 'args', from: ['a', 'b'], to: ['b', 'a'] }],
  ],
  [
    'ports told apart by number',
    { ports: [{ containerPort: 80 }] },
    { ports: [{ containerPort: 80, name: 'http' }] },
    [{ path: 'ports[80].name', to: 'http' }],
  ],
  [
    'a name with a dot',
    { data: { 'app.conf': 'a' } },
    { data: { 'app.conf': 'b' } },
    [{ path: 'data["app.conf"]', from: 'a', to: 'b' }],
  ],
  ['a name that every object has', { data: {} }, { data: { toString: 'a' } }, [{ path: 'data.toString', to: 'a' }]],
  ['fields in another order', { data: { a: '1', b: '2' } }, { data: { b: '2', a: '1' } }, []],
])('%s is one readable change', (_situation, from, to, expected) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
  expect(diffObjects({ ...object, ...from }, { ...object, ...to })).toEqual(expected);
});

test('what the server keeps is no change', () => {
  const live = {
    ...deployment([], { uid: 'a', resourceVersion: '7', managedFields: [{ manager: 'x' }] }),
    status: { replicas: 1 },
  };
  expect(diffObjects(live, deployment([], { uid: 'b', generation: 9 }))).toEqual([]);
});

test('the copy that kubectl apply keeps is no change (security case 17)', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"canary"}' };
  expect(diffObjects(deployment([], { annotations }), deployment([], { annotations: {} }))).toEqual([]);
});
