import fc from 'fast-check';
import { diffObjects } from '../../../lib/diff/diff.ts';
import { formatFieldChange } from '../../../lib/diff/format.ts';
import { maskObject, maskPair } from '../../../lib/diff/mask.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const CANARY = 'Y2FuYXJ5LXZhbHVl';

const secret = (fields: object, annotations?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', ...(annotations && { annotations }) },
  ...fields,
});

test('a changed value of a Secret shows as a change, without the values', () => {
  const changes = diffObjects(
    secret({ data: { a: CANARY, same: 'eA==' } }),
    secret({ data: { a: 'bmV3', same: 'eA==' } }),
  );
  expect(changes.map(formatFieldChange)).toEqual(['data.a: ••• (before) → ••• (after)']);
});

test.each([
  ['data alone', { data: { a: CANARY } }],
  ['stringData alone', { stringData: { a: CANARY } }],
  ['both', { data: { a: CANARY }, stringData: { b: CANARY } }],
  ['data that is no map', { data: CANARY }],
  ['data that is a list', { data: [CANARY] }],
])('a Secret with %s is printed without values', (_situation, fields) => {
  expect(JSON.stringify(maskObject(secret(fields)))).not.toContain(CANARY);
});

test('annotations of a Secret are masked, since tools keep copies of values there (security case 17)', () => {
  const live = secret({}, { 'kubectl.kubernetes.io/last-applied-configuration': CANARY });
  expect(JSON.stringify(diffObjects(live, secret({}, { other: CANARY })))).not.toContain(CANARY);
});

test('whatever a Secret holds, no value is in the masked pair (security case 29)', () => {
  const values = fc.option(fc.dictionary(fc.string(), fc.constant(CANARY)), { nil: undefined });
  const anySecret = fc
    .record({ data: values, stringData: values, annotations: values })
    .map(({ data, stringData, annotations }) =>
      secret({ ...(data && { data }), ...(stringData && { stringData }) }, annotations),
    );
  fc.assert(
    fc.property(fc.option(anySecret, { nil: undefined }), fc.option(anySecret, { nil: undefined }), (live, desired) => {
      expect(JSON.stringify(maskPair({ live, desired }))).not.toContain(CANARY);
    }),
  );
});

test('a ConfigMap is not masked', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } };
  expect(maskObject(object)).toEqual(object);
});
