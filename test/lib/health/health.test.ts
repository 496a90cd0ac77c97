import fc from 'fast-check';
import { healthOf, isHealthIgnored, isObserved, RULE_KINDS } from '../../../lib/health/health.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { condition, kind } from './objects.ts';

const widget = kind('acme.example/v1', 'Widget');
const deployment = kind('apps/v1', 'Deployment');

test('a message is one line of at most 300 characters', () => {
  const stalled = (message: string) =>
    healthOf(widget({ status: { conditions: [condition('Stalled=True', '', message)] } }));
  expect(stalled('\n  bad value\nstack')).toEqual({ status: 'Degraded', message: 'bad value', reason: 'Stalled' });
  expect(stalled('x'.repeat(400))).toEqual({
    status: 'Degraded',
    message: `${'x'.repeat(299)}…`,
    reason: 'Stalled',
  });
});

test.each([
  ['the annotation of Driftless', { 'driftless.dev/ignore-health': 'true' }, true],
  ['the annotation of Argo CD', { 'argocd.argoproj.io/ignore-healthcheck': 'true' }, true],
  ['the annotation set to false', { 'driftless.dev/ignore-health': 'false' }, false],
  ['no annotation', {}, false],
])('the health of an object with %s is left out: %#', (_title, annotations, ignored) => {
  expect(isHealthIgnored(widget({ metadata: { annotations } }))).toBe(ignored);
});

test.each([
  ['a Deployment without status', deployment({}), false],
  ['a Deployment of an older generation', deployment({ status: { observedGeneration: 1 } }), false],
  ['a Deployment of this generation', deployment({ status: { observedGeneration: 2 } }), true],
  ['a kind that records no generation', widget({ status: {} }), true],
])('whether the controller has seen %s is told', (_title, object, observed) => {
  expect(isObserved(object)).toBe(observed);
});

/** A group and kind as an object of it has them, also for the rules of whole groups. */
const kinds = RULE_KINDS.map((key) => key.replace(/^\*/, 'some').replace(/\*$/, 'Thing').split('/')).concat([
  ['acme.example', 'Widget'],
]);
const anyKind = fc
  .constantFrom(...kinds)
  .map(([group, name]) => ({ apiVersion: group === '' ? 'v1' : `${group}/v1`, kind: `${name}` }));

/** Names that rules read, so that values of the wrong type meet them. */
const field = fc.constantFrom(
  'conditions',
  'replicas',
  'observedGeneration',
  'phase',
  'containerStatuses',
  'loadBalancer',
  'type',
  'suspend',
  'listeners',
  'parents',
  'health',
  'updateStrategy',
  'name',
);
const anything = fc.dictionary(fc.oneof(field, fc.string()), fc.jsonValue({ maxDepth: 4 }));
const okCondition = fc
  .constantFrom('Ready=True', 'Synced=True', 'Complete=True', 'Established=True', 'AbleToScale=True', 'Available=True')
  .map((a) => condition(a));

test('any object of any kind has one of the six states and a short message, and is judged without throwing', () => {
  const objects = fc.record({
    type: anyKind,
    spec: fc.oneof(anything, fc.jsonValue()),
    status: fc.oneof(anything, fc.jsonValue()),
  });
  fc.assert(
    fc.property(objects, ({ type, spec, status }) => {
      const { message, reason, ...health } = healthOf({
        ...type,
        metadata: { name: 'x', generation: 1 },
        spec,
        status,
      });
      expect(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']).toContain(health.status);
      expect(message.length).toBeLessThanOrEqual(300);
      expect(reason ?? 'Absent').toMatch(/^[A-Z0-9][A-Za-z0-9]{0,79}$/);
    }),
    { numRuns: 500 },
  );
});

test('no object whose status is older than its specification is Healthy', () => {
  const statuses = fc.record({
    phase: fc.constantFrom('Healthy', 'Bound', 'Running', 'Succeeded'),
    conditions: fc.array(okCondition),
    rest: anything,
  });
  fc.assert(
    fc.property(anyKind, statuses, fc.integer({ min: -1, max: 4 }), (type, { rest, ...status }, observedGeneration) => {
      const object: KubeObject = {
        ...type,
        metadata: { name: 'x', generation: 5 },
        spec: {},
        status: { ...rest, ...status, observedGeneration },
      };
      expect(healthOf(object)).toEqual({
        status: 'Progressing',
        message: 'the controller has not observed the change yet',
        reason: 'NotObserved',
      });
    }),
    { numRuns: 500 },
  );
});

test('an object that is nested without end is Unknown', () => {
  let status: unknown = {};
  for (let depth = 0; depth < 100_000; depth += 1) status = { status };
  expect(healthOf(widget({ status })).status).toBe('Unknown');
});

test.each([
  ['for a minute', 60, 'Progressing'],
  ['for six minutes', 360, 'Degraded'],
])('an object that says %s that it is not available is judged by that', (_title, seconds, status) => {
  const lastTransitionTime = '2026-06-01T08:00:00Z';
  const object = widget({ status: { conditions: [{ ...condition('Available=False', 'Down'), lastTransitionTime }] } });
  const now = Date.parse(lastTransitionTime) + seconds * 1000;
  expect(healthOf(object, { now })).toEqual({ status, message: 'Down', reason: 'Down' });
});
