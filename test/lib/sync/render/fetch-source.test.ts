import { fetchSource, inputsUnchanged } from '../../../../lib/sync/render/fetch-source.ts';
import { applicationOf, fixtureTree, snapshotOf, treeOf } from '../../render/fixture.ts';

const overlay = applicationOf({ path: 'kustomize/overlays/prod' });

test('bases outside of the path are fetched in rounds, and are the inputs with their object ids', async () => {
  const snapshot = snapshotOf(new Map([...fixtureTree('kustomize'), ...fixtureTree('plain')]));
  const { files, inputs } = await fetchSource(overlay, snapshot);
  expect(snapshot.checkouts).toEqual([['kustomize/overlays/prod'], ['kustomize/base', 'kustomize/component']]);
  expect([...files.keys()].filter((path) => path.startsWith('plain'))).toEqual([]);
  expect(inputs).toEqual(
    ['kustomize/overlays/prod', 'kustomize/base', 'kustomize/component'].map((path) => ({
      path,
      oid: snapshot.oid(path),
    })),
  );
});

test.each([
  ['nothing of it', 'plain/list.yml', true],
  ['the folder itself', 'kustomize/overlays/prod/app.properties', false],
  ['a base', 'kustomize/base/deployment.yaml', false],
  ['a neighbour of a base', 'kustomize/other/x.yaml', true],
])('a commit that touches %s leaves the inputs unchanged: %s %s', async (_what, path, unchanged) => {
  const tree = new Map([...fixtureTree('kustomize'), ...fixtureTree('plain')]);
  const { inputs } = await fetchSource(overlay, snapshotOf(tree));
  const next = new Map([...tree, ...treeOf({ [path]: '# touched\n' })]);
  expect(inputsUnchanged(inputs, snapshotOf(next))).toBe(unchanged);
});

test('an application that was never deployed has changed inputs', () => {
  expect(inputsUnchanged([], snapshotOf(new Map()))).toBe(false);
});

test('a base below the path, or fetched with another one, adds no input', async () => {
  const tree = treeOf({
    'app/kustomization.yaml': 'resources: [base, ../lib/db, ../lib]',
    'app/base/kustomization.yaml': 'resources: []',
    'lib/kustomization.yaml': 'resources: [db]',
    'lib/db/kustomization.yaml': 'resources: []',
  });
  const { inputs } = await fetchSource(applicationOf({ path: 'app' }), snapshotOf(tree));
  expect(inputs.map(({ path }) => path)).toEqual(['app', 'lib']);
});

test('values files and charts beside a chart are inputs', async () => {
  const tree = treeOf({
    'chart/Chart.yaml': 'name: shop\ndependencies: [{name: common, repository: "file://../common"}]\n',
    'common/Chart.yaml': 'name: common\n',
    'env/prod.yaml': 'a: 1\n',
    'env/test.yaml': 'a: 2\n',
  });
  const app = applicationOf({ path: 'chart', helm: { valueFiles: ['/env/prod.yaml'], includeCRDs: true } });
  const { inputs } = await fetchSource(app, snapshotOf(tree));
  expect(inputs.map(({ path }) => path)).toEqual(['chart', 'env/prod.yaml', 'common']);
});

test('a path that does not exist is named with repository and commit', async () => {
  await expect(
    fetchSource(applicationOf({ path: 'nowhere' }), snapshotOf(treeOf({ 'a.yaml': '' }))),
  ).rejects.toMatchObject({
    code: 'PathNotFound',
    message: 'Application/shop: path "nowhere" does not exist in https://git.test/acme/shop at c0ffee',
  });
});

test('a path that is a file is refused', async () => {
  await expect(
    fetchSource(applicationOf({ path: 'a.yaml' }), snapshotOf(treeOf({ 'a.yaml': '' }))),
  ).rejects.toMatchObject({
    code: 'PathNotFound',
    message: 'Application/shop: path "a.yaml" is a file; name its folder',
  });
});

test('all bases that do not exist are reported at once', async () => {
  const tree = treeOf({ 'app/kustomization.yaml': 'resources:\n- ../a\n- ../b\n' });
  await expect(fetchSource(applicationOf({ path: 'app' }), snapshotOf(tree))).rejects.toMatchObject({
    code: 'RenderFailed',
    message: [
      'app/kustomization.yaml:2: resources: "../a" does not exist in the repository',
      'app/kustomization.yaml:3: resources: "../b" does not exist in the repository',
    ].join('\n'),
  });
});

test('a source of more than 64 megabytes is refused (security case 12)', async () => {
  const tree = new Map([['app/a.bin', new Uint8Array(65 * 1024 * 1024)]]);
  await expect(fetchSource(applicationOf({ path: 'app' }), snapshotOf(tree))).rejects.toMatchObject({
    code: 'SourceTooLarge',
  });
});

test('bases that refer to further bases without end are an error', async () => {
  const tree = treeOf(
    Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`k${index}/kustomization.yaml`, `resources: [../k${index + 1}]`]),
    ),
  );
  await expect(fetchSource(applicationOf({ path: 'k0' }), snapshotOf(tree))).rejects.toMatchObject({
    code: 'RenderLimit',
  });
});
