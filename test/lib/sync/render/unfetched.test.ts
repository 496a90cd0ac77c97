import type { Source } from '../../../../lib/model/application.ts';
import { renderSource } from '../../../../lib/sync/render/render-source.ts';
import { applicationOf, treeOf } from '../../render/fixture.ts';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n';
const OLD_POINTER = 'version https://hawser.github.com/spec/v1\noid sha256:abc\nsize 12\n';
const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const CHART = { 'app/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n', 'app/templates/a.yaml': OBJECT };
const KUSTOMIZATION = { 'app/kustomization.yaml': 'resources: [a.yaml]\n', 'app/a.yaml': OBJECT };

async function outcome(files: Readonly<Record<string, string>>, source: Partial<Source> = {}): Promise<string> {
  const app = applicationOf({ path: 'app', ...source });
  const subject = { app, files: treeOf(files), capabilities: { version: 'v1.36.3', apiVersions: [] } };
  const given: string[] = [];
  const renderer = {
    render: async (request: { readonly files: ReadonlyMap<string, Uint8Array> }) => {
      given.push(...request.files.keys());
      return OBJECT;
    },
  };
  try {
    const manifests = await renderSource(subject, { renderer });
    expect(given.filter((path) => path.endsWith('/'))).toEqual([]);
    return `${manifests.length} rendered`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${error.code} ${error.message}` : String(error);
  }
}

const PLAIN = { 'app/a.yaml': OBJECT };
const recurse = { recurse: true };

test.each<[string, Readonly<Record<string, string>>, Partial<Source>]>([
  ['an image in Git LFS beside manifests', { ...PLAIN, 'app/logo.png': POINTER }, {}],
  ['an old pointer beside manifests', { ...PLAIN, 'app/logo.png': OLD_POINTER }, {}],
  [
    'a manifest in Git LFS that exclude leaves out',
    { ...PLAIN, 'app/big.json': POINTER },
    { directory: { recurse: false, exclude: '*.json' } },
  ],
  [
    'a manifest in Git LFS that include does not name',
    { ...PLAIN, 'app/big.json': POINTER },
    { directory: { recurse: false, include: 'a.yaml' } },
  ],
  ['a manifest in Git LFS in a folder that is not read', { ...PLAIN, 'app/deep/b.yaml': POINTER }, {}],
  ['a submodule in a folder that is not read below', { ...PLAIN, 'app/vendor/': '' }, {}],
  [
    'a submodule that exclude leaves out',
    { ...PLAIN, 'app/vendor/lib/': '' },
    { directory: { ...recurse, exclude: 'vendor/**' } },
  ],
  [
    'a submodule in which include names nothing',
    { ...PLAIN, 'app/vendor/': '' },
    { directory: { ...recurse, include: 'a.yaml' } },
  ],
  [
    'a submodule and a pointer beside a kustomization',
    { ...KUSTOMIZATION, 'app/vendor/': '', 'app/x.yaml': POINTER },
    {},
  ],
  ['docs of a chart', { ...CHART, 'app/docs/demo.mp4': POINTER, 'app/vendor/': '' }, {}],
  [
    'files of a chart whose templates name another',
    { ...CHART, 'app/a.bin': POINTER, 'app/conf/a.txt': 'a', 'app/templates/b.yaml': '{{ .Files.Get "conf/a.txt" }}' },
    {},
  ],
  ['a text about pointers', { ...PLAIN, 'app/b.yaml': `# ${POINTER.replaceAll('\n', ' ')}\n` }, {}],
])('P4: %s is no fault', async (_what, files, source) => {
  expect(await outcome(files, source)).toBe('1 rendered');
});

const LFS = 'its content is in Git LFS, which is not supported';
const SUBMODULE = 'is a submodule; submodules are not supported';

test.each<[string, Readonly<Record<string, string>>, Partial<Source>, string]>([
  ['a manifest', { ...PLAIN, 'app/b.yaml': POINTER }, {}, `app/b.yaml: ${LFS}`],
  ['an old pointer', { ...PLAIN, 'app/b.yaml': OLD_POINTER }, {}, `app/b.yaml: ${LFS}`],
  [
    'a submodule in a folder that is read below',
    { ...PLAIN, 'app/vendor/': '' },
    { directory: recurse },
    `app/vendor: ${SUBMODULE}`,
  ],
  ['a resource of a kustomization', { ...KUSTOMIZATION, 'app/a.yaml': POINTER }, {}, `app/a.yaml: ${LFS}`],
  ['a kustomization', { ...KUSTOMIZATION, 'app/kustomization.yaml': POINTER }, {}, `app/kustomization.yaml: ${LFS}`],
  [
    'a base that is a submodule',
    { 'app/kustomization.yaml': 'resources: [vendor]\n', 'app/vendor/': '' },
    {},
    `app/vendor: ${SUBMODULE}`,
  ],
  [
    'a base in a submodule',
    { 'app/kustomization.yaml': 'resources: [vendor/base]\n', 'app/vendor/': '' },
    {},
    `app/vendor: ${SUBMODULE}`,
  ],
  [
    'a file of a generator',
    { 'app/kustomization.yaml': 'configMapGenerator: [{name: a, files: [big.bin]}]\n', 'app/big.bin': POINTER },
    {},
    `app/big.bin: ${LFS}`,
  ],
  ['a template', { ...CHART, 'app/templates/b.yaml': POINTER }, {}, `app/templates/b.yaml: ${LFS}`],
  ['values of a chart', { ...CHART, 'app/values.yaml': POINTER }, {}, `app/values.yaml: ${LFS}`],
  [
    'a values file',
    { ...CHART, 'envs/prod.yaml': POINTER },
    { helm: { valueFiles: ['/envs/prod.yaml'], includeCRDs: true } },
    `envs/prod.yaml: ${LFS}`,
  ],
  ['a packed subchart', { ...CHART, 'app/charts/db-1.0.0.tgz': POINTER }, {}, `app/charts/db-1.0.0.tgz: ${LFS}`],
  ['a subchart that is a submodule', { ...CHART, 'app/charts/db/': '' }, {}, `app/charts/db: ${SUBMODULE}`],
  ['CRDs that are a submodule', { ...CHART, 'app/crds/': '' }, {}, `app/crds: ${SUBMODULE}`],
  [
    'a file that a template gets',
    { ...CHART, 'app/a.bin': POINTER, 'app/templates/b.yaml': '{{ .Files.Get "a.bin" }}' },
    {},
    `app/a.bin: ${LFS}`,
  ],
  [
    'a file that a template may get',
    { ...CHART, 'app/a.bin': POINTER, 'app/templates/b.yaml': '{{ .Files.Get .Values.x }}' },
    {},
    `app/a.bin: ${LFS}`,
  ],
])('P4: %s that would be read is refused by its name', async (_what, files, source, message) => {
  expect(await outcome(files, source)).toMatch(
    new RegExp(`^SourceRefused ${message.replaceAll('.', '\\.')}; commit the files themselves`),
  );
});
