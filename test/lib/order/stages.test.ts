import fc from 'fast-check';
import { formatRef, idOf, type KubeObject } from '../../../lib/model/kube-object.ts';
import { applyOrder, stagesOf } from '../../../lib/order/stages.ts';

function object(
  kind: string,
  name: string,
  options: { namespace?: string; apiVersion?: string; wave?: number; hook?: string; spec?: object } = {},
) {
  const { namespace, apiVersion = 'v1', wave, hook, spec } = options;
  const annotations = {
    ...(wave !== undefined && { 'argocd.argoproj.io/sync-wave': String(wave) }),
    ...(hook !== undefined && { 'argocd.argoproj.io/hook': hook }),
  };
  const built: KubeObject = {
    apiVersion,
    kind,
    metadata: { name, annotations, ...(namespace && { namespace }) },
    ...(spec && { spec }),
  };
  return { object: built };
}

const refs = (items: readonly { readonly object: KubeObject }[]) => items.map((item) => formatRef(idOf(item.object)));

test('kinds are applied so that what is needed comes first', () => {
  const kinds = [
    'Namespace',
    'CustomResourceDefinition',
    'ConfigMap',
    'Role',
    'RoleBinding',
    'Service',
    'Deployment',
    'Ingress',
    'Widget',
    'APIService',
  ];
  expect(refs(applyOrder(kinds.toReversed().map((kind) => object(kind, 'x'))))).toEqual(
    kinds.map((kind) => `${kind}/x`),
  );
});

test('objects of one tier are applied together, tiers one after the other', () => {
  const [stage] = stagesOf([
    object('Deployment', 'b'),
    object('Secret', 's'),
    object('ConfigMap', 'c'),
    object('StatefulSet', 'a'),
  ]);
  expect(stage?.tiers.map(refs)).toEqual([
    ['Secret/s', 'ConfigMap/c'],
    ['Deployment/b', 'StatefulSet/a'],
  ]);
});

test('phases come before waves, waves before kinds', () => {
  const stages = stagesOf([
    object('Job', 'after', { hook: 'PostSync' }),
    object('ConfigMap', 'late', { wave: 2 }),
    object('Job', 'before', { hook: 'PreSync', wave: 5 }),
    object('Deployment', 'early', { wave: -1 }),
    object('Job', 'sorry', { hook: 'SyncFail' }),
  ]);
  expect(stages.map(({ phase, wave, tiers }) => [phase, wave, refs(tiers.flat())])).toEqual([
    ['PreSync', 5, ['Job/before']],
    ['Sync', -1, ['Deployment/early']],
    ['Sync', 2, ['ConfigMap/late']],
    ['PostSync', 0, ['Job/after']],
    ['SyncFail', 0, ['Job/sorry']],
  ]);
});

test('a Namespace goes along with the earliest object in it, also with a hook', () => {
  const stages = stagesOf([
    object('Namespace', 'shop', { wave: 3 }),
    object('Job', 'migrate', { namespace: 'shop', hook: 'PreSync', wave: -2 }),
  ]);
  expect(stages.map(({ phase, wave, tiers }) => [phase, wave, refs(tiers.flat())])).toEqual([
    ['PreSync', -2, ['Namespace/shop', 'Job/shop/migrate']],
  ]);
});

test('a CRD goes along with the earliest object of its kind', () => {
  const spec = {
    group: 'acme.io',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true }],
  };
  const stages = stagesOf([
    object('CustomResourceDefinition', 'widgets.acme.io', { spec, wave: 9 }),
    object('Widget', 'w', { apiVersion: 'acme.io/v1', wave: 1 }),
  ]);
  expect(stages.map(({ wave, tiers }) => [wave, tiers.map(refs)])).toEqual([
    [1, [['CustomResourceDefinition/widgets.acme.io'], ['Widget/w']]],
  ]);
});

test('an object that is to be skipped is in no stage', () => {
  expect(stagesOf([object('Pod', 'p', { hook: 'Skip' })])).toEqual([]);
});

test('the order does not depend on the order of the files', () => {
  const items = ['a', 'b', 'c', 'd'].flatMap((name, wave) => [
    object('ConfigMap', name, { wave: wave % 2 }),
    object('Deployment', name),
  ]);
  const expected = refs(applyOrder(items));
  fc.assert(
    fc.property(fc.shuffledSubarray(items, { minLength: items.length }), (shuffled) => {
      expect(refs(applyOrder(shuffled))).toEqual(expected);
    }),
  );
});
