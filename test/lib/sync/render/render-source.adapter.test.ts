import { kubectlLayer } from '../../../../dev/kubectl-layer.ts';
import type { Application, Source } from '../../../../lib/model/application.ts';
import type { Manifest } from '../../../../lib/model/change-set.ts';
import type { FileTree } from '../../../../lib/model/source-tree.ts';
import { createRenderer } from '../../../../lib/render/exec/renderer.ts';
import { renderKey, renderSource } from '../../../../lib/sync/render/render-source.ts';
import { applicationOf, fixtureTree, treeOf } from '../../render/fixture.ts';

const renderer = createRenderer(await kubectlLayer());
const capabilities = { version: 'v1.36.3', apiVersions: ['apps/v1'] };

function render(source: Partial<Source>, files: FileTree): Promise<readonly Manifest[]> {
  return renderSource({ app: applicationOf(source), files, capabilities }, { renderer });
}

const placesOf = (manifests: readonly Manifest[]): string[] =>
  manifests.map(
    ({ object, file, line }) => `${object.kind}/${object.metadata.name} ${file}${line === undefined ? '' : `:${line}`}`,
  );

test('a plain folder is read without any tool', async () => {
  expect(placesOf(await render({ path: 'plain' }, fixtureTree('plain')))).toEqual([
    'Deployment/api plain/deployment-with-service.yaml:3',
    'Service/api plain/deployment-with-service.yaml:11',
    'ConfigMap/one plain/list.yml:4',
    'ConfigMap/two plain/list.yml:7',
    'Secret/key plain/secret.json:1',
  ]);
});

test('what kustomize renders names its kustomization', async () => {
  expect(placesOf(await render({ path: 'kustomize/overlays/prod' }, fixtureTree('kustomize')))).toEqual([
    expect.stringMatching(/^ConfigMap\/settings-\w{10} kustomize\/overlays\/prod\/kustomization\.yaml$/),
    'Deployment/api kustomize/overlays/prod/kustomization.yaml',
  ]);
});

test('what Helm renders names its template, and the release is called like the application', async () => {
  expect(placesOf(await render({ path: 'chart' }, fixtureTree('chart')))).toEqual([
    'CustomResourceDefinition/widgets.example.com chart/crds/widget.yaml',
    'Deployment/shop chart/templates/deployment.yaml',
    'Job/migrate chart/templates/migrate.yaml',
  ]);
});

test('a chart in the repository that another one depends on is rendered with it', async () => {
  const files = treeOf({
    'apps/shop/Chart.yaml':
      'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{name: common, version: "*", repository: "file://../../common"}]\n',
    'common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 2.0.0\n',
    'common/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n',
  });
  expect(placesOf(await render({ path: 'apps/shop' }, files))).toEqual([
    'ConfigMap/shared apps/shop/charts/common/templates/a.yaml',
  ]);
});

test('a template that renders something else than objects is named', async () => {
  const files = treeOf({
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/ok.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    'chart/templates/twice.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {b: true}}\ndata: {a: "1"}\n',
  });
  await expect(render({ path: 'chart' }, files)).rejects.toMatchObject({
    code: 'ManifestInvalid',
    message: 'chart/templates/twice.yaml: metadata.annotations["b"] is a boolean, not text; quote it',
  });
});

test('a base that does not exist is named before any tool runs', async () => {
  const files = treeOf({ 'app/kustomization.yaml': 'resources: [a.yaml]' });
  const never = { render: () => Promise.reject(new Error('not to be called')) };
  const subject = { app: applicationOf({ path: 'app' }), files, capabilities };
  await expect(renderSource(subject, { renderer: never })).rejects.toMatchObject({
    code: 'RenderFailed',
    message: 'app/kustomization.yaml:1: resources: "a.yaml" does not exist in the repository',
  });
});

const app = applicationOf({ path: 'app' });
const withSource = (change: Partial<Source>): Application => ({ ...app, sources: [{ ...app.sources[0], ...change }] });
const inputs = [
  { path: 'app', oid: 'a' },
  { path: 'base', oid: 'b' },
];
const parts = { app, inputs, capabilities, toolVersions: 'helm 4' };

test('the key of a rendering does not depend on any order, on the commit, or on the branch', () => {
  const same = {
    ...parts,
    app: withSource({ ref: 'other' }),
    inputs: inputs.toReversed(),
  };
  expect(renderKey(same)).toBe(renderKey(parts));
});

test.each<[string, Partial<typeof parts>]>([
  [
    'an input',
    {
      inputs: [
        { path: 'app', oid: 'a' },
        { path: 'base', oid: 'c' },
      ],
    },
  ],
  ['the tools', { toolVersions: 'helm 5' }],
  ['the cluster', { capabilities: { version: 'v1.37.0', apiVersions: ['apps/v1'] } }],
  ['the name', { app: { ...app, name: 'blue' } }],
  ['the namespace', { app: { ...app, destination: { ...app.destination, namespace: 'blue' } } }],
  ['an option', { app: withSource({ helm: { valueFiles: [], includeCRDs: false } }) }],
])('the key of a rendering changes with %s', (_what, change) => {
  expect(renderKey({ ...parts, ...change })).not.toBe(renderKey(parts));
});

test('the cluster does not matter to the key where no chart can be', () => {
  const plain = withSource({ directory: { recurse: true } });
  const other = { version: 'v1.37.0', apiVersions: [] };
  expect(renderKey({ ...parts, app: plain, capabilities: other })).toBe(renderKey({ ...parts, app: plain }));
});
