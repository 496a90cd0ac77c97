import { healthOf } from '../../../lib/health/health.ts';
import { hasHealth } from '../../../lib/health/without-health.ts';
import { kind } from './objects.ts';

test.each([
  ['ConfigMap', 'v1', '', false],
  ['ClusterRole', 'rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io', false],
  ['NetworkPolicy', 'networking.k8s.io/v1', 'networking.k8s.io', false],
  ['Deployment', 'apps/v1', 'apps', true],
  ['Namespace', 'v1', '', true],
  ['ConfigMap', 'acme.example/v1', 'acme.example', true],
])('whether a %s of %s has to be looked at is known by its kind', (name, apiVersion, group, looked) => {
  expect(hasHealth({ group, kind: name })).toBe(looked);
  expect(healthOf(kind(apiVersion, name)({ metadata: { generation: 0 } })).status === 'Healthy' || looked).toBe(true);
});
