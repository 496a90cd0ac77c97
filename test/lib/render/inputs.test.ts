import type { Source } from '../../../lib/model/application.ts';
import { assertComplete, sourceReferences } from '../../../lib/render/inputs.ts';
import { fixtureTree, sourceOf, treeOf } from './fixture.ts';

function pathsOf(source: Partial<Source>, texts: Record<string, string>): string[] {
  return sourceReferences(sourceOf(source), treeOf(texts)).map(({ path }) => path);
}

test('a directory refers to nothing', () => {
  expect(pathsOf({ path: 'app' }, { 'app/a.yaml': 'resources: [../x]' })).toEqual([]);
});

test('an overlay refers to its bases, components and files, and to those of its bases', () => {
  const references = sourceReferences(sourceOf({ path: 'kustomize/overlays/prod' }), fixtureTree('kustomize'));
  expect(references.map(({ path, origin }) => `${path} ← ${origin}`)).toEqual([
    'kustomize/base ← kustomize/overlays/prod/kustomization.yaml:3: resources',
    'kustomize/component ← kustomize/overlays/prod/kustomization.yaml:4: components',
    'kustomize/overlays/prod/app.properties ← kustomize/overlays/prod/kustomization.yaml:16: configMapGenerator',
    'kustomize/overlays/prod/other.properties ← kustomize/overlays/prod/kustomization.yaml:16: configMapGenerator',
    'kustomize/overlays/prod/.env ← kustomize/overlays/prod/kustomization.yaml:17: configMapGenerator',
    'kustomize/base/deployment.yaml ← kustomize/base/kustomization.yaml:2: resources',
    'kustomize/component/replicas.yaml ← kustomize/component/kustomization.yaml:4: patches',
  ]);
});

test.each([
  ['resources', 'resources: [x]'],
  ['bases', 'bases: [x]'],
  ['components', 'components: [x]'],
  ['crds', 'crds: [x]'],
  ['configurations', 'configurations: [x]'],
  ['generators', 'generators: [x]'],
  ['transformers', 'transformers: [x]'],
  ['validators', 'validators: [x]'],
  ['patchesStrategicMerge', 'patchesStrategicMerge: [x]'],
  ['patches', 'patches: [{path: x}]'],
  ['patchesJson6902', 'patchesJson6902: [{path: x, target: {kind: Pod, name: a}}]'],
  ['replacements', 'replacements: [{path: x}]'],
  ['openapi', 'openapi: {path: x}'],
  ['files of a configMapGenerator', 'configMapGenerator: [{name: a, files: [key=x]}]'],
  ['envs of a secretGenerator', 'secretGenerator: [{name: a, envs: [x]}]'],
  ['the old env', 'configMapGenerator: [{name: a, env: x}]'],
])('%s may name a file', (_field, text) => {
  expect(pathsOf({ path: 'app' }, { 'app/kustomization.yaml': text })).toEqual(['app/x']);
});

test.each([
  ['patchesStrategicMerge', 'patchesStrategicMerge:\n- |\n  kind: Pod\n  metadata: {name: a}\n'],
  ['transformers', 'transformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n'],
  ['a generator on one line', 'generators: ["{apiVersion: builtin, kind: ConfigMapGenerator}"]'],
  ['patches', 'patches:\n- patch: "[{op: remove, path: /a}]"\n'],
  ['literals', 'configMapGenerator: [{name: a, literals: [a=../../../x]}]'],
])('inline text in %s is no path', (_field, text) => {
  expect(pathsOf({ path: 'app' }, { 'app/kustomization.yaml': text })).toEqual([]);
});

test('kustomizations that refer to each other end (CVE-2022-24878)', () => {
  const texts = { 'a/kustomization.yaml': 'resources: [../b]', 'b/kustomization.yml': 'resources: [../a, ../c/]' };
  expect(pathsOf({ path: 'a' }, texts)).toEqual(['b', 'a', 'c']);
});

test('a chain of kustomizations without end is cut (CVE-2022-24878)', () => {
  const texts = Object.fromEntries(
    Array.from({ length: 600 }, (_, index) => [`k${index}/kustomization.yaml`, `resources: [../k${index + 1}]`]),
  );
  expect(() => pathsOf({ path: 'k0' }, texts)).toThrow(
    expect.objectContaining({ code: 'RenderLimit', message: 'k0: more than 500 kustomizations are referenced' }),
  );
});

test('a kustomization that names more files than anybody needs is cut (security case 12)', () => {
  const text = `resources:\n${Array.from({ length: 60_000 }, (_, index) => `- "f ${index}"\n`).join('')}`;
  const before = process.cpuUsage();
  expect(() => sourceReferences(sourceOf({}), treeOf({ 'kustomization.yaml': text }))).toThrow(
    expect.objectContaining({
      code: 'RenderLimit',
      message: 'the repository: its kustomizations reference more than 5000 files',
    }),
  );
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(3_000);
});

test.each([
  ['leaves the repository', '../../base', '"../../base" is outside the repository; move it into the repository'],
  ['is absolute', '/etc/passwd', '"/etc/passwd" is outside the repository; move it into the repository'],
  [
    'is an URL',
    'https://example.com/a.yaml',
    '"https://example.com/a.yaml" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
  [
    'is a repository on GitHub',
    'github.com/acme/base',
    '"github.com/acme/base" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
  [
    'is an SSH address',
    'git@example.com:acme/base.git',
    '"git@example.com:acme/base.git" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
  [
    'has a forced protocol',
    'git::https://example.com/a',
    '"git::https://example.com/a" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
  [
    'is a file URL',
    'FILE:///etc',
    '"FILE:///etc" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
  [
    'carries credentials',
    'https://me:pass@example.com/a?token=t',
    '"https://example.com/a" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases',
  ],
])('a base that %s is refused with its line (CVE-2022-24877)', (_what, entry, message) => {
  const texts = { 'app/kustomization.yaml': `namespace: x\nresources:\n- a.yaml\n- ${entry}\n` };
  expect(() => pathsOf({ path: 'app' }, texts)).toThrow(
    expect.objectContaining({ code: 'SourceRefused', message: `app/kustomization.yaml:4: resources: ${message}` }),
  );
});

test('a generator that reads beyond the repository, or from an URL, is refused (CVE-2022-24877)', () => {
  for (const entry of ['../../secret', 'key=../../secret', 'key=http://169.254.169.254/'])
    expect(() =>
      pathsOf({ path: 'app' }, { 'app/kustomization.yaml': `secretGenerator: [{name: a, files: [${entry}]}]` }),
    ).toThrow(expect.objectContaining({ code: 'SourceRefused' }));
});

test('remote bases are left to kustomize where they are allowed, except files of the machine', () => {
  const kustomize = { allowRemoteBases: true };
  const texts = (entry: string): Record<string, string> => ({ 'kustomization.yaml': `resources: [${entry}, a.yaml]` });
  expect(pathsOf({ kustomize }, texts('https://example.com/acme/base?ref=v1'))).toEqual(['a.yaml']);
  expect(() => pathsOf({ kustomize }, texts('file:///etc/x'))).toThrow(
    expect.objectContaining({ code: 'SourceRefused' }),
  );
});

test('a kustomization with a fault of syntax is refused with its line', () => {
  expect(() => pathsOf({ path: 'app' }, { 'app/kustomization.yaml': 'resources:\n\t- a.yaml\n' })).toThrow(
    expect.objectContaining({
      code: 'ManifestInvalid',
      message: 'app/kustomization.yaml:2: a tab is used for indentation; use spaces',
    }),
  );
});

test('charts in a kustomization are refused with the way to deploy them', () => {
  expect(() => pathsOf({}, { 'kustomization.yaml': 'helmCharts: [{name: x}]' })).toThrow(
    expect.objectContaining({
      code: 'RenderFailed',
      message:
        'kustomization.yaml: helmCharts is not supported; deploy the chart as an application of its own with spec.source.helm',
    }),
  );
});

const chart = { 'deploy/chart/Chart.yaml': 'name: shop\n' };

test('values files are relative to the chart, or to the repository with a slash', () => {
  const helm = { valueFiles: ['values-prod.yaml', '../common.yaml', '/env/prod.yaml'], includeCRDs: true };
  expect(pathsOf({ path: 'deploy/chart', helm }, chart)).toEqual([
    'deploy/chart/values-prod.yaml',
    'deploy/common.yaml',
    'env/prod.yaml',
  ]);
});

test.each([
  ['../../../x.yaml', '"../../../x.yaml" is outside the repository; move it into the repository'],
  ['/../x.yaml', '"/../x.yaml" is outside the repository; move it into the repository'],
  ['http:///etc/passwd', '"http:///etc/passwd" is not a path; copy the file into the repository'],
  ['file:///etc/passwd', '"file:///etc/passwd" is not a path; copy the file into the repository'],
  [
    'https://me:pass@example.com/v.yaml?token=t',
    '"https://example.com/v.yaml" is not a path; copy the file into the repository',
  ],
])('a values file %s is refused (security case 6, CVE-2024-31216)', (entry, message) => {
  const helm = { valueFiles: [entry], includeCRDs: true };
  expect(() => pathsOf({ path: 'deploy/chart', helm }, chart)).toThrow(
    expect.objectContaining({ code: 'SourceRefused', message: expect.stringContaining(message) }),
  );
});

const dependencies = (repository: string): Record<string, string> => ({
  'deploy/chart/Chart.yaml': `name: shop\ndependencies:\n- name: common\n  version: 1.x\n  repository: "${repository}"\n`,
});

test('a dependency in the repository is an input, unless the chart has a copy of it', () => {
  const texts = dependencies('file://../common');
  expect(pathsOf({ path: 'deploy/chart' }, texts)).toEqual(['deploy/common']);
  for (const copy of ['charts/common-1.0.0.tgz', 'charts/common/Chart.yaml'])
    expect(pathsOf({ path: 'deploy/chart' }, { ...texts, [`deploy/chart/${copy}`]: '' })).toEqual([]);
  expect(pathsOf({ path: 'deploy/chart' }, { ...texts, 'deploy/chart/charts/x/Chart.yaml': 'name: common' })).toEqual(
    [],
  );
});

test('dependencies of an old chart are in requirements.yaml', () => {
  const texts = {
    ...chart,
    'deploy/chart/requirements.yaml': 'dependencies: [{name: common, repository: "file://../common"}]',
  };
  expect(pathsOf({ path: 'deploy/chart' }, texts)).toEqual(['deploy/common']);
});

test.each([
  ['leaves the repository', 'file://../../../common', 'SourceRefused'],
  ['is absolute', 'file:///etc', 'SourceRefused'],
  ['holds the chart', 'file://..', 'SourceRefused'],
  ['would have to be downloaded', 'https://charts.example.com', 'RenderFailed'],
  ['would have to be there', '', 'RenderFailed'],
])('a dependency that %s is refused (security case 9)', (_what, repository, code) => {
  expect(() => pathsOf({ path: 'deploy/chart' }, dependencies(repository))).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(/^deploy\/chart\/Chart\.yaml: dependenc/) }),
  );
});

test('all references that lead nowhere are reported at once', () => {
  const texts = {
    'app/kustomization.yaml': 'resources:\n- missing.yaml\n- ../empty\n- api.yaml\npatches:\n- path: sub\n',
    'app/api.yaml': '',
    'app/sub/x.yaml': '',
    'empty/x.yaml': '',
  };
  const files = treeOf(texts);
  expect(() => assertComplete(sourceReferences(sourceOf({ path: 'app' }), files), files)).toThrow(
    expect.objectContaining({
      code: 'RenderFailed',
      message: [
        'app/kustomization.yaml:2: resources: "missing.yaml" does not exist in the repository',
        'app/kustomization.yaml:3: resources: "../empty" is a folder without kustomization.yaml; add one, or name its files',
        'app/kustomization.yaml:6: patches: "sub" is a folder; name a file',
      ].join('\n'),
    }),
  );
});
