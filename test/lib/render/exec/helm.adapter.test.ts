import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlLayer } from '../../../../dev/kubectl-layer.ts';
import type { HelmOptions } from '../../../../lib/model/application.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import type { FileTree, RenderRequest } from '../../../../lib/model/source-tree.ts';
import { createRenderer, type RendererOptions } from '../../../../lib/render/exec/renderer.ts';
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

function requestOf(files: FileTree, options: Partial<HelmOptions> = {}): RenderRequest {
  return {
    tool: { helm: { valueFiles: [], includeCRDs: true, ...options } },
    files,
    path: 'chart',
    name: 'shop',
    namespace: 'store',
    kubeVersion: 'v1.36.3',
    apiVersions: ['apps/v1', 'monitoring.coreos.com/v1/ServiceMonitor'],
  };
}

async function helm(request: RenderRequest, options: Partial<RendererOptions> = {}): Promise<readonly KubeObject[]> {
  const text = await createRenderer({ ...programs, tempDir, ...options }).render(request);
  return parseManifests(text, 'chart').map(({ object }) => object);
}

const chartOf = (template: string, more: Record<string, string> = {}): FileTree =>
  treeOf({
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/a.yaml': template,
    ...more,
  });

test('a chart is rendered with CRDs and hooks, without tests and notes, for the target and without looking around (CVE-2023-25165, CVE-2026-41050)', async () => {
  expect(await helm(requestOf(fixtureTree('chart')))).toEqual([
    expect.objectContaining({ kind: 'CustomResourceDefinition' }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'shop',
        namespace: 'store',
        annotations: { kube: 'v1.36.3', monitored: 'true', 'looked-up': '0', dns: '' },
      },
      spec: { replicas: 1, template: { spec: { containers: [{ name: 'shop', image: 'shop:v1' }] } } },
    },
    expect.objectContaining({
      kind: 'Job',
      metadata: { name: 'migrate', annotations: { 'helm.sh/hook': 'pre-upgrade' } },
    }),
  ]);
});

test('values files apply in their order and inline values win; the release has the name that is asked for', async () => {
  const files = new Map([
    ...fixtureTree('chart'),
    ...treeOf({ 'values, "all".yaml': 'replicas: 7\nimage: shop:v7\n' }),
  ]);
  const request = requestOf(files, {
    releaseName: 'blue',
    valueFiles: ['/values, "all".yaml', '/chart/values-prod.yaml'],
    values: { image: 'shop:v9' },
    includeCRDs: false,
  });
  const [deployment, job] = await helm(request);
  expect(deployment).toMatchObject({
    metadata: { name: 'blue' },
    spec: { replicas: 2, template: { spec: { containers: [{ image: 'shop:v9' }] } } },
  });
  expect(job).toMatchObject({ kind: 'Job' });
});

test.each<[string, string, RegExp]>([
  [
    'calls fail',
    '{{ fail "set image.tag" }}',
    /^chart: helm template failed: .*\(shop\/templates\/a\.yaml:1:3\).*set image\.tag/,
  ],
  ['has a fault of syntax', 'a: 1\n{{ if }}\n', /parse error at \(shop\/templates\/a\.yaml:2\): missing value for if/],
  ['reaches into nothing', '{{ .Values.a.b.c }}', /nil pointer evaluating/],
  ['renders no YAML', 'kind: x\n a: b: c\n', /YAML parse error on shop\/templates\/a\.yaml: .*line 2/],
  ['prints the environment', '{{ env "HOME" }}', /function "env" not defined/],
])('a chart that %s fails in the words of Helm, with file and line', async (_what, template, message) => {
  const rendering = helm(requestOf(chartOf(template)));
  await expect(rendering).rejects.toMatchObject({ code: 'RenderFailed', message: expect.stringMatching(message) });
  await expect(rendering).rejects.not.toMatchObject({ message: expect.stringContaining('driftless-') });
});

test('a values file that cannot be read is named as the repository has it', async () => {
  const request = requestOf(chartOf('', { 'chart/prod.yaml': 'a: b: c\n' }), { valueFiles: ['/chart/prod.yaml'] });
  await expect(helm(request)).rejects.toMatchObject({
    code: 'RenderFailed',
    message: expect.stringMatching(
      /^chart: helm template failed: failed to parse chart\/prod\.yaml: .*mapping values are not allowed/,
    ),
  });
});

test('a values file that is not among the files is never looked for elsewhere (security case 6)', async () => {
  for (const file of ['/chart/nowhere.yaml', '/../../etc/passwd', 'https://example.com/values.yaml'])
    await expect(helm(requestOf(chartOf(''), { valueFiles: [file] }))).rejects.toMatchObject({ code: 'RenderFailed' });
});

test('a release name that looks like an option is not taken for one (CVE-2021-41254)', async () => {
  await expect(helm(requestOf(chartOf(''), { releaseName: '--debug' }))).rejects.toMatchObject({
    message: expect.stringContaining('release name'),
  });
});

test('a chart that prints more than it may is ended (security case 12)', async () => {
  const files = chartOf('{{ range $i := until 2000 }}\n# {{ repeat 5000 "x" }}{{ end }}\n');
  await expect(helm(requestOf(files), { limits: { outputBytes: 1_000_000 } })).rejects.toMatchObject({
    code: 'RenderLimit',
    message: 'chart: helm template prints more than 1000000 bytes',
  });
});

test('a chart that never ends is ended (CVE-2022-24878)', async () => {
  const files = chartOf(
    '{{ range $i := until 100000 }}{{ range $j := until 100000 }}{{ $_ := sha256sum "x" }}{{ end }}{{ end }}',
  );
  await expect(helm(requestOf(files), { limits: { seconds: 0.5 } })).rejects.toMatchObject({
    code: 'RenderLimit',
    message: 'chart: helm template takes longer than 0.5 seconds',
  });
});

test.each([
  ['a function that cannot read it', '{{ mustToDate "2006" .Values.password }}', 'parsing time "…" as "2006"'],
  ['a template that fails with it', '{{ fail .Values.password }}', 'a.yaml:1:3): …'],
  ['a template made of it', '{{ tpl (printf "{{ %s" .Values.password) . }}', 'cannot parse template "{{ …"'],
  ['a schema that does not allow it', 'a: 1', "'…' does not match pattern '^x'"],
])('a value is not told by %s (security case 7)', async (_who, template, told) => {
  const files = chartOf(template, {
    'chart/values.yaml': 'password: canary-secret\n',
    ...(template === 'a: 1' && { 'chart/values.schema.json': '{"properties":{"password":{"pattern":"^x"}}}' }),
  });
  const failure = await helm({ ...requestOf(files), hidden: ['canary-secret'] }).catch((error) => error);
  expect(failure).toMatchObject({ code: 'RenderFailed', message: expect.stringContaining(told) });
  expect(failure.message).not.toContain('canary');
});

test('a program that is not there is named', async () => {
  await expect(helm(requestOf(chartOf('')), { helm: '/nowhere/helm' })).rejects.toMatchObject({
    code: 'PrerequisiteMissing',
    message: '/nowhere/helm: cannot be run; install it again',
  });
});
