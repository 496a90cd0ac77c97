import { formatRefusal } from '../../../lib/diff/format.ts';
import type { Manifest } from '../../../lib/model/change-set.ts';
import { idKey, type KubeObject } from '../../../lib/model/kube-object.ts';
import { prepareDesired } from '../../../lib/plan/desired.ts';
import { desiredOf, kindOf, manifestOf, objectOf, SHOP } from './objects.ts';

const widgets = objectOf(
  'apiextensions.k8s.io/v1 CustomResourceDefinition/widgets.example.com',
  {},
  {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [
        { name: 'v1', served: true },
        { name: 'v0', served: false },
      ],
    },
  },
);

test.each([
  ['an object without a namespace', objectOf('ConfigMap/a'), '/ConfigMap/store/a'],
  ['an object with a namespace of its own', objectOf('ConfigMap/a', { namespace: 'other' }), '/ConfigMap/other/a'],
  ['a cluster-scoped object', objectOf('Namespace/a'), '/Namespace//a'],
  ['a cluster-scoped object that names a namespace', objectOf('Namespace/a', { namespace: 'x' }), '/Namespace//a'],
])('%s goes where the server would put it', (_what, object, key) => {
  expect(idKey(desiredOf(object).id)).toBe(key);
});

test('what only a server may set is left out, and the label of the application is added', () => {
  const exported = objectOf(
    'apps/v1 Deployment/api',
    {
      uid: 'uid-9',
      resourceVersion: '9',
      generation: 9,
      creationTimestamp: '2020-01-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl' }],
      labels: { tier: 'web', 'driftless.dev/app': 'other' },
      annotations: { note: 'x' },
      finalizers: ['example.com/f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' }],
      generateName: 'api-',
    },
    { spec: { replicas: 1 }, status: { readyReplicas: 1 } },
  );
  expect(desiredOf(exported).object).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'api',
      namespace: 'store',
      generateName: 'api-',
      labels: { tier: 'web', 'driftless.dev/app': 'shop' },
      annotations: { note: 'x' },
      finalizers: ['example.com/f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' }],
    },
    spec: { replicas: 1 },
  });
});

test('the hash is that of what is applied: what a server adds does not change it, what Git says does', () => {
  const spec = (replicas: number): object => ({ spec: { replicas, paused: false } });
  const { hash } = desiredOf(objectOf('apps/v1 Deployment/api', {}, spec(1)));
  const reordered = objectOf(
    'apps/v1 Deployment/api',
    { uid: 'u' },
    { status: {}, spec: { paused: false, replicas: 1 } },
  );
  expect(desiredOf(reordered).hash).toBe(hash);
  expect(desiredOf(objectOf('apps/v1 Deployment/api', {}, spec(2))).hash).not.toBe(hash);
});

test('the source is file and line, or the file alone where a renderer made the text', () => {
  const { desired } = prepareDesired(
    [manifestOf(objectOf('ConfigMap/a'), 'a.yaml', 14), { object: objectOf('ConfigMap/b'), file: 'templates/b.yaml' }],
    SHOP,
    kindOf,
  );
  expect(desired.map(({ source }) => source)).toEqual(['a.yaml:14', 'templates/b.yaml']);
});

function refusalsOf(...objects: readonly KubeObject[]): readonly string[] {
  const manifests = objects.map((object, place) => manifestOf(object, `${place}.yaml`));
  const served = (apiVersion: string, kind: string) =>
    apiVersion.includes('example.com') ? undefined : kindOf(apiVersion, kind);
  return prepareDesired(manifests, SHOP, served).refusals.map(formatRefusal);
}

test.each([
  [
    'one name twice',
    [objectOf('ConfigMap/a'), objectOf('ConfigMap/a', { namespace: 'store' })],
    ['ConfigMap/store/a: ConfigMap/store/a is already defined in 0.yaml:1; remove one of the two (1.yaml:1)'],
  ],
  [
    'one name in two versions of a kind',
    [objectOf('apps/v1 Deployment/a'), objectOf('apps/v1beta1 Deployment/a')],
    ['Deployment/store/a: Deployment/store/a of apps is already defined in 0.yaml:1; remove one of the two (1.yaml:1)'],
  ],
  ['one name in two namespaces', [objectOf('ConfigMap/a'), objectOf('ConfigMap/a', { namespace: 'b' })], []],
  ['one name in two kinds', [objectOf('ConfigMap/a'), objectOf('Secret/a')], []],
  ['one name in two groups', [objectOf('a.dev/v1 Job/a'), objectOf('b.dev/v1 Job/a')], []],
  [
    'a kind that is not served',
    [objectOf('example.com/v1 Widget/w'), objectOf('ConfigMap/a')],
    [
      'Widget/w: the cluster does not serve Widget in example.com/v1; install its CRD first, or correct apiVersion and kind (0.yaml:1)',
    ],
  ],
  [
    'a version that a CRD beside it does not serve',
    [widgets, objectOf('example.com/v0 Widget/w')],
    [
      'Widget/w: the cluster does not serve Widget in example.com/v0; install its CRD first, or correct apiVersion and kind (1.yaml:1)',
    ],
  ],
  ['a kind that a CRD beside it defines', [objectOf('example.com/v1 Widget/w'), widgets], []],
])('of %s this is refused', (_what, objects, refusals) => {
  expect(refusalsOf(...objects)).toEqual(refusals);
});

test.each<[string, readonly Manifest[], number]>([
  ['once more, as under a second alias of a subchart', [rendered('1'), rendered('1')], 0],
  ['in another form', [rendered('1'), rendered('2')], 1],
  ['that a file has too', [manifestOf(rendered('1').object, 'a.yaml'), rendered('1')], 0],
])('an object that a renderer prints %s is one object, or a refusal', (_what, manifests, refused) => {
  const { desired, refusals } = prepareDesired(manifests, SHOP, kindOf);
  expect(desired).toHaveLength(1);
  expect(refusals).toHaveLength(refused);
});

function rendered(value: string): Manifest {
  return { object: objectOf('ConfigMap/a', {}, { data: { value } }), file: 'charts/public/templates/a.yaml' };
}

test('a kind that a CRD beside it defines is not served yet, and placed as the CRD says', () => {
  const served = (apiVersion: string, kind: string) => (kind === 'Widget' ? undefined : kindOf(apiVersion, kind));
  const manifests = [objectOf('example.com/v1 Widget/w'), widgets].map((object) => manifestOf(object));
  const [widget, definition] = prepareDesired(manifests, SHOP, served).desired;
  expect(widget).toMatchObject({
    served: false,
    id: { namespace: 'store' },
    kind: { group: 'example.com', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true },
  });
  expect(definition).toMatchObject({ served: true });
});

test('what is refused keeps nothing else from being prepared', () => {
  const manifests = [objectOf('ConfigMap/a'), objectOf('ConfigMap/a'), objectOf('ConfigMap/b')].map((object) =>
    manifestOf(object),
  );
  expect(prepareDesired(manifests, SHOP, kindOf).desired.map(({ id }) => id.name)).toEqual(['a', 'b']);
});

test('the label of the deployer is on the object, and no part of its hash, also where the manifest has one', () => {
  const object = objectOf('ConfigMap/a', { labels: { team: 'blue' } });
  const [plain, ours, theirs] = [desiredOf(object), desiredOf(object, 'east'), desiredOf(object, 'west')];
  expect(ours.object.metadata.labels).toEqual({
    team: 'blue',
    'driftless.dev/app': 'shop',
    'driftless.dev/deployer': 'east',
  });
  expect([ours.hash, theirs.hash]).toEqual([plain.hash, plain.hash]);
  const forged = objectOf('ConfigMap/a', { labels: { team: 'blue', 'driftless.dev/deployer': 'x' } });
  expect(desiredOf(forged, 'east')).toEqual(ours);
  expect(desiredOf(forged)).toEqual(plain);
});
