import { join } from 'node:path';
import { type RenderOptions, renderedObjects } from '../../cli/verbs/render/run.ts';
import { DriftlessError } from '../../lib/errors.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { driftlessIn, inFolder } from './driftless.ts';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

const PLAIN = {
  'My_App/a.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, labels: { app: api } }
---
apiVersion: v1
kind: Secret
metadata: { name: key }
stringData: { password: hunter2 }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
`,
};

test('objects are printed as applied, in apply order, Secrets with their values', async () => {
  const { exitCode, stdout, stderr } = await driftlessIn(PLAIN, ['render', 'My_App', '--namespace', 'shop']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(`apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    driftless.dev/app: my-app
---
apiVersion: v1
kind: Secret
metadata:
  name: key
  namespace: shop
  labels:
    driftless.dev/app: my-app
stringData:
  password: hunter2
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  labels:
    app: api
    driftless.dev/app: my-app
`);
});

test('raw objects are exactly what the renderer made, in its order', async () => {
  expect(await rendered(PLAIN, 'My_App', { raw: true })).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', labels: { app: 'api' } } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: 'hunter2' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  ]);
});

test('a folder without manifests is an empty result, with a note for people', async () => {
  const ended = await driftlessIn({ 'empty/README.md': '' }, ['render', 'empty', '-o', 'json']);
  expect(ended).toEqual({ exitCode: 0, stdout: '[]\n', stderr: 'note: empty: holds no manifests\n' });
});

const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}" }\n${data}`;

const CHART = {
  'Shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'Shop/.helmignore': 'templates/ignored.yaml\n',
  'Shop/templates/ignored.yaml': '{{ fail "this file is ignored" }}',
  'Shop/templates/a.yaml': configMap(
    'data: { kube: "{{ .Capabilities.KubeVersion }}", widgets: "{{ .Capabilities.APIVersions.Has "acme.io/v1" }}", size: "{{ .Values.size }}", ns: {{ .Release.Namespace }} }\n',
  ),
  'Shop/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
  'Shop/charts/sub/templates/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: sub }\n',
  'Shop/values.yaml': 'size: small\n',
  'Shop/values/prod.yaml': 'size: large\n',
  'app.yaml': `apiVersion: driftless.dev/v1
kind: Application
metadata: { name: from-file }
spec:
  source: { repo: https://github.com/acme/shop, path: Shop, helm: { valueFiles: [values/prod.yaml], releaseName: other } }
  destination: { namespace: prod }
`,
};

const NOW = { kube: 'v1.36.0', widgets: 'false' };

test.each([
  ['the folder', {}, 'shop', { ...NOW, size: 'small', ns: 'default' }],
  ['--name', { name: 'mine' }, 'mine', { ...NOW, size: 'small', ns: 'default' }],
  ['the application', { file: 'app.yaml' }, 'other', { ...NOW, size: 'large', ns: 'prod' }],
  [
    '--name, more than by the application',
    { file: 'app.yaml', name: 'mine', namespace: 'test' },
    'mine',
    { ...NOW, size: 'large', ns: 'test' },
  ],
  [
    'the folder, and sees the cluster that it is told of',
    { kubeVersion: '1.30', apiVersions: ['acme.io/v1', 'b/v1'] },
    'shop',
    { kube: 'v1.30', widgets: 'true', size: 'small', ns: 'default' },
  ],
])('a chart is called by %s', async (_by, options, release, data) => {
  expect(await rendered(CHART, 'Shop', { ...options, raw: true })).toEqual([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sub' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: release }, data },
  ]);
});

const OVERLAY = {
  'base/kustomization.yaml': 'resources: [cm.yaml]\n',
  'base/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base }\n',
  'overlays/prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../../base]\n',
};
const OVERLAID = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prod-base' } };

test.each([
  ['without a Git repository', {}],
  ['in a Git repository', { '.git/HEAD': 'ref: refs/heads/main\n' }],
])('a base outside of the folder is found %s', async (_where, more) => {
  expect(await rendered({ ...OVERLAY, ...more }, 'overlays/prod', { raw: true })).toEqual([OVERLAID]);
});

test.each([
  [
    'a base outside of the Git repository',
    { ...OVERLAY, 'overlays/.git/HEAD': '' },
    'overlays/prod',
    'SourceRefused',
    'prod/kustomization.yaml:2: resources: "../../base" is outside the repository; move it into the repository',
  ],
  [
    'a base that does not exist',
    { 'overlays/prod/kustomization.yaml': 'resources: [../base]\n' },
    'overlays/prod',
    'RenderFailed',
    'prod/kustomization.yaml:1: resources: "../base" does not exist in the repository',
  ],
  [
    'faults of several files',
    { 'app/a.yaml': 'kind: A\n\tb: c\n', 'app/b.yaml': 'apiVersion: v1\nkind: B\nmetadata: {name: 1}\n' },
    'app',
    'ManifestInvalid',
    'a.yaml:2: a tab is used for indentation; use spaces\nb.yaml:1: metadata.name is a number, not text; quote it',
  ],
  [
    'two objects of one name',
    { 'app/a.yaml': OBJECT, 'app/b.yaml': OBJECT },
    'app',
    'ManifestInvalid',
    'ConfigMap/default/a: ConfigMap/default/a is already defined in a.yaml:1; remove one of the two (b.yaml:1)',
  ],
] as const)(
  '%s is refused, naming file and line from the repository’s root',
  async (_what, files, path, code, sentence) => {
    await expect(rendered(files, path)).rejects.toEqual(new DriftlessError(code, sentence));
  },
);

test('a name that no application can have is told', async () => {
  await expect(rendered(PLAIN, 'My_App', { name: 'My_App' })).rejects.toMatchObject({
    code: 'UsageInvalid',
    message: expect.stringMatching(/^--name: "My_App" is not a valid name; write /),
  });
});

/** The objects of a folder in a fresh folder with these files. */
async function rendered(
  files: Readonly<Record<string, string>>,
  path: string,
  { file, ...options }: Partial<RenderOptions> = {},
): Promise<readonly KubeObject[]> {
  return inFolder(files, (folder) => {
    const application = file === undefined ? {} : { file: join(folder, file) };
    const defaults = { raw: false, kubeVersion: 'v1.36.0', apiVersions: [] };
    return renderedObjects(join(folder, path), { ...defaults, ...options, ...application });
  });
}
