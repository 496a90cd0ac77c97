import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { driftless, driftlessIn, inFolder } from './driftless.ts';

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
  const { stdout } = await driftlessIn(PLAIN, ['render', 'My_App', '--raw', '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual([
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

type Printed = { readonly metadata: { readonly name: string }; readonly data?: Readonly<Record<string, string>> };

test.each([
  ['the folder', [], 'shop', { kube: 'v1.36.0', widgets: 'false', size: 'small', ns: 'default' }],
  ['--name', ['--name', 'mine'], 'mine', { kube: 'v1.36.0', widgets: 'false', size: 'small', ns: 'default' }],
  ['the application', ['-f', 'app.yaml'], 'other', { kube: 'v1.36.0', widgets: 'false', size: 'large', ns: 'prod' }],
  [
    '--name, more than by the application',
    ['-f', 'app.yaml', '--name', 'mine', '--namespace', 'test'],
    'mine',
    { kube: 'v1.36.0', widgets: 'false', size: 'large', ns: 'test' },
  ],
  [
    'the folder, and sees the cluster that it is told of',
    ['--kube-version', '1.30', '--api-versions', 'acme.io/v1,b/v1'],
    'shop',
    { kube: 'v1.30', widgets: 'true', size: 'small', ns: 'default' },
  ],
])('a chart is called by %s', async (_by, options, release, values) => {
  const { stdout, stderr } = await driftlessIn(CHART, ['render', 'Shop', '--raw', '-o', 'json', ...options]);
  expect(stderr).toBe('');
  const objects: readonly Printed[] = JSON.parse(stdout);
  expect(objects.map(({ metadata }) => metadata.name)).toEqual(['sub', release]);
  expect(objects[1]?.data).toEqual(values);
});

const OVERLAY = {
  'base/kustomization.yaml': 'resources: [cm.yaml]\n',
  'base/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base }\n',
  'overlays/prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../../base]\n',
};

test('a base outside of the folder is found, without a Git repository and from within the folder', async () => {
  const { exitCode, stdout, stderr } = await inFolder(OVERLAY, (folder) =>
    driftless(['render', '.', '--raw'], { cwd: join(folder, 'overlays/prod') }),
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: prod-base\n');
});

test('a base outside of the Git repository is refused, as in a deployment', async () => {
  const files = { ...OVERLAY, 'overlays/.git/HEAD': 'ref: refs/heads/main\n' };
  const { exitCode, stderr } = await driftlessIn(files, ['render', 'overlays/prod']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr:
      'error: prod/kustomization.yaml:2: resources: "../../base" lies outside of the repository; move it into the repository\n' +
      'hint: remove or replace what is named (SourceRefused)\n',
  });
});

test('a symbolic link out of the Git repository is refused, as in a deployment', async () => {
  await inFolder({ 'repo/.git/HEAD': '', 'secret.yaml': 'a: b\n' }, async (cwd) => {
    await symlink('../secret.yaml', join(cwd, 'repo/a.yaml'));
    const { exitCode, stderr } = await driftless(['render', 'repo'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('symbolic link "a.yaml" → "../secret.yaml"');
    expect(stderr).toContain('its target leaves the repository');
  });
});

test('faults of all files are reported, each with its line', async () => {
  const { exitCode, stdout, stderr } = await driftlessIn(
    { 'app/a.yaml': 'kind: A\n\tb: c\n', 'app/b.yaml': 'kind: B\n---\nkind: C\nkind: D\n' },
    ['render', 'app'],
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^error: a\.yaml:2: a tab .*\nb\.yaml:1: .*\nb\.yaml:4: .*\nhint: .* \(ManifestInvalid\)\n$/);
});

test('a name that no application can have is told', async () => {
  const { exitCode, stderr } = await driftlessIn(PLAIN, ['render', 'My_App', '--name', 'My_App']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/^error: --name: "My_App" is not a valid name; write .*\n$/),
  });
});
