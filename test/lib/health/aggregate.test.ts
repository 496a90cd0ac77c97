import { healthOfAll, type ObjectHealth } from '../../../lib/health/aggregate.ts';
import type { HealthStatus } from '../../../lib/model/health.ts';

function entry(name: string, status: HealthStatus, message = ''): ObjectHealth {
  return { id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name }, health: { status, message } };
}

const many = ['a', 'b', 'c', 'd', 'e'].map((name) => entry(name, 'Degraded', 'failed'));

test.each([
  ['without objects', [], 'Healthy', ''],
  ['of which all are healthy', [entry('a', 'Healthy', 'said something')], 'Healthy', ''],
  [
    'of which one is on its way',
    [entry('a', 'Healthy'), entry('b', 'Progressing', '1 of 3 new pods exist')],
    'Progressing',
    'Deployment/shop/b: 1 of 3 new pods exist',
  ],
  [
    'of which one failed and one is on its way',
    [entry('a', 'Progressing', 'x'), entry('b', 'Degraded', 'no image')],
    'Degraded',
    'Deployment/shop/b: no image',
  ],
  [
    'of which one is suspended',
    [entry('a', 'Suspended', 'paused'), entry('b', 'Healthy')],
    'Suspended',
    'Deployment/shop/a: paused',
  ],
  [
    'of which one cannot be judged',
    [entry('a', 'Unknown', 'odd'), entry('b', 'Degraded', 'x')],
    'Unknown',
    'Deployment/shop/a: odd',
  ],
  ['of which one does not say why', [entry('a', 'Degraded')], 'Degraded', 'Deployment/shop/a: Degraded'],
  [
    'of which many failed',
    many,
    'Degraded',
    'Deployment/shop/a: failed; Deployment/shop/b: failed; Deployment/shop/c: failed; and 2 more',
  ],
  ['of which one is missing', [entry('a', 'Missing'), entry('b', 'Healthy')], 'Healthy', ''],
  [
    'of which all are missing',
    [entry('a', 'Missing'), entry('b', 'Missing')],
    'Missing',
    'none of the 2 objects exists in the cluster',
  ],
] as const)('an application %s is judged', (_situation, objects, status, message) => {
  expect(healthOfAll(objects)).toEqual({ status, message });
});

test('an object without namespace is named by kind and name', () => {
  const id = { group: '', kind: 'Namespace', name: 'shop' };
  const health = { status: 'Progressing', message: 'being deleted' } as const;
  expect(healthOfAll([{ id, health }])).toEqual({ status: 'Progressing', message: 'Namespace/shop: being deleted' });
});
