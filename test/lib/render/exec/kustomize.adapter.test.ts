import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlLayer } from '../../../../dev/kubectl-layer.ts';
import type { FileTree, RenderRequest } from '../../../../lib/model/source-tree.ts';
import { createRenderer } from '../../../../lib/render/exec/renderer.ts';
import { parseManifests } from '../../../../lib/render/parse.ts';
import { fixtureTree, treeOf } from '../fixture.ts';

const programs = await kubectlLayer();
let tempDir: string;

beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'driftless-test-'));
});

afterEach(() => {
  const left = readdirSync(tempDir);
  rmSync(tempDir, { recursive: true });
  expect(left).toEqual([]);
});

function requestOf(files: FileTree, path: string, allowRemoteBases = false): RenderRequest {
  return {
    tool: { kustomize: { allowRemoteBases } },
    files,
    path,
    name: 'shop',
    namespace: 'store',
    kubeVersion: 'v1.36.3',
    apiVersions: [],
  };
}

async function kustomize(files: FileTree, path: string): Promise<string> {
  return createRenderer({ ...programs, tempDir }).render(requestOf(files, path));
}

test('an overlay with a base beside it, a component, patches and generators is rendered', async () => {
  const manifests = parseManifests(await kustomize(fixtureTree('kustomize'), 'kustomize/overlays/prod'), 'prod');
  expect(manifests.map(({ object }) => object)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: expect.stringMatching(/^settings-\w{10}$/), namespace: 'shop' },
      data: { 'app.properties': 'colour=blue\n', renamed: 'size=large\n', MODE: 'prod' },
    },
    expect.objectContaining({
      kind: 'Deployment',
      metadata: { name: 'api', namespace: 'shop', labels: { tier: 'web' } },
      spec: expect.objectContaining({
        replicas: 3,
        template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image: 'api:v2' }] } },
      }),
    }),
  ]);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a patch without a target',
    {
      'app/kustomization.yaml':
        'patches:\n- patch: "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: hunter2}}"\n',
    },
    /^app: kubectl kustomize failed: no resource matches strategic merge patch/,
  ],
  [
    'a file above its kustomization',
    { 'app/kustomization.yaml': 'resources: [../cm.yaml]\n', 'cm.yaml': 'a: 1' },
    /security; file 'cm\.yaml' is not in or below 'app'/,
  ],
  [
    'a cycle',
    { 'app/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../app]\n' },
    /cycle detected: candidate root 'app' contains visited root 'app'/,
  ],
  [
    'a remote file, without network',
    { 'app/kustomization.yaml': 'resources: ["https://example.com/x.yaml"]\n' },
    /proxyconnect tcp: dial tcp 127\.0\.0\.1:9: connect: (connection refused|network is unreachable)/,
  ],
  [
    'a remote repository, without Git',
    { 'app/kustomization.yaml': 'components: ["ssh://git@example.com/acme/base.git"]\n' },
    /executable file not found/,
  ],
  [
    'the metadata service of AWS',
    {
      'app/kustomization.yaml':
        'configMapGenerator:\n- name: a\n  files: ["a=http://169.254.169.254/latest/meta-data/"]\n',
    },
    /proxyconnect tcp: dial tcp 127\.0\.0\.1:9/,
  ],
  ['an unknown field', { 'app/kustomization.yaml': 'resource: [a.yaml]\n' }, /unknown field "resource"/],
])('%s fails in the words of the tool, with paths of the repository', async (_what, texts, message) => {
  const rendering = kustomize(treeOf(texts), 'app');
  await expect(rendering).rejects.toMatchObject({ code: 'RenderFailed', message: expect.stringMatching(message) });
  await expect(rendering).rejects.not.toMatchObject({ message: expect.stringMatching(/hunter2|driftless-/) });
});

test('a secret in a patch or a generator that cannot be read is not repeated (security case 7)', async () => {
  const patch = treeOf({ 'kustomization.yaml': 'patches:\n- patch: "hunter2: [\\"x\\\\ny"\n' });
  const literal = treeOf({ 'kustomization.yaml': 'secretGenerator:\n- name: a\n  literals: ["hunter2"]\n' });
  const type = treeOf({ 'kustomization.yaml': 'resources: hunter2\n' });
  for (const files of [patch, literal, type])
    await expect(kustomize(files, '')).rejects.toMatchObject({
      code: 'RenderFailed',
      message: expect.stringMatching(/^the root folder: kubectl kustomize failed: (?!.*hunter2).+/s),
    });
});

test('a server on this machine is not asked for anything either, by a name that is not local (security case 30)', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const files = treeOf({ 'kustomization.yaml': `resources: ["http://shop.test:${port}/a.yaml"]\n` });
  await expect(kustomize(files, '')).rejects.toMatchObject({ code: 'RenderFailed' });
  await new Promise((resolve) => server.close(resolve));
  expect(asked).toBe(0);
});

test.each([
  ['goes up', '../x'],
  ['goes up in the middle', 'a/../../x'],
  ['is absolute', '/etc/x'],
  ['has an empty part', 'a//x'],
  ['holds a null byte', 'a\0b'],
])('a file whose path %s is never written (CVE-2026-47680)', async (_what, path) => {
  await expect(kustomize(treeOf({ [path]: 'x', 'kustomization.yaml': 'resources: []' }), '')).rejects.toMatchObject({
    code: 'SourceRefused',
  });
});

test('a folder called like an option is a folder', async () => {
  const files = treeOf({
    '--help/kustomization.yaml': 'resources: [a.yaml]',
    '--help/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  });
  await expect(kustomize(files, '--help')).resolves.toContain('kind: ConfigMap');
});

test('a name with shell syntax is a name (CVE-2021-41254)', async () => {
  const folder = 'app;touch $(id)`id`';
  const files = treeOf({
    [`${folder}/kustomization.yaml`]: 'resources: [a.yaml]',
    [`${folder}/a.yaml`]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  });
  await expect(kustomize(files, folder)).resolves.toContain('kind: ConfigMap');
});

test('more renderings than processors are all done', async () => {
  const renderer = createRenderer({ ...programs, tempDir });
  const request = requestOf(fixtureTree('kustomize'), 'kustomize/base');
  const outputs = await Promise.all(Array.from({ length: 8 }, () => renderer.render(request)));
  expect(new Set(outputs).size).toBe(1);
});
