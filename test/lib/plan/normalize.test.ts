import fc from 'fast-check';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { normalized } from '../../../lib/plan/normalize.ts';

const secret = (more: object): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...more });

test.each<[string, object, object]>([
  ['text', { stringData: { user: 'a' } }, { data: { user: 'YQ==' } }],
  ['text beside data', { data: { b: 'Yg==' }, stringData: { user: 'a' } }, { data: { b: 'Yg==', user: 'YQ==' } }],
  ['text that wins over data', { data: { user: 'Yg==' }, stringData: { user: 'a' } }, { data: { user: 'YQ==' } }],
  ['text beyond ASCII', { stringData: { user: 'ü' } }, { data: { user: 'w7w=' } }],
  ['an empty text', { stringData: { user: '' } }, { data: { user: '' } }],
  ['no text at all', { stringData: null, data: { a: 'YQ==' } }, { data: { a: 'YQ==' } }],
  ['what the server refuses', { stringData: { user: 1 } }, { stringData: { user: 1 } }],
])('P1: a Secret with %s has data alone', (_what, given, kept) => {
  expect(normalized(secret(given))).toEqual(secret(kept));
});

test('only a Secret of the core group has its text made data', () => {
  const other = { ...secret({ stringData: { a: 'b' } }), apiVersion: 'example.com/v1' };
  expect(normalized(other)).toBe(other);
});

const withSpec = (spec: unknown, apiVersion = 'v1', kind = 'Service'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a' },
  spec,
});

test.each<[string, KubeObject, unknown]>([
  ['a port’s protocol', withSpec({ ports: [{ port: 80, protocol: null }] }), { ports: [{ port: 80 }] }],
  [
    'a field deep in an item',
    withSpec(
      { containers: [{ name: 'a', resources: { limits: null, requests: { cpu: null } } }] },
      'apps/v1',
      'Deployment',
    ),
    { containers: [{ name: 'a', resources: { requests: {} } }] },
  ],
  ['a value of a variable', withSpec({ env: [{ name: 'A', value: null }] }), { env: [{ name: 'A' }] }],
  [
    'an item of an item',
    withSpec({ a: [{ name: 'a', b: [{ name: 'b', c: null }] }] }),
    { a: [{ name: 'a', b: [{ name: 'b' }] }] },
  ],
])('P3: %s without a value counts as not set', (_what, object, spec) => {
  expect(normalized(object).spec).toEqual(spec);
});

test.each<[string, KubeObject]>([
  ['a field of no list', withSpec({ selector: null })],
  ['an item itself', withSpec({ args: [null] })],
  ['a custom resource', withSpec({ items: [{ a: null }] }, 'example.com/v1', 'Widget')],
  [
    'the schema of a CRD',
    withSpec({ versions: [{ schema: { default: null } }] }, 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
  ],
])('P3: null in %s stays', (_what, object) => {
  expect(normalized(object)).toBe(object);
});

test('what is normalised stays so, and what holds neither text nor null is the same object', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (spec) => {
      const once = normalized(withSpec(spec));
      expect(normalized(once)).toBe(once);
      if (!JSON.stringify(spec).includes('null')) expect(once.spec).toBe(spec);
    }),
  );
});
