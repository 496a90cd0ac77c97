import { gzipSync } from 'node:zlib';
import type { Application, HelmOptions, Source } from '../../../../lib/model/application.ts';
import type { Capabilities } from '../../../../lib/render/tool-request.ts';
import { inputsKey, renderingKey } from '../../../../lib/sync/render/render-key.ts';
import { applicationOf, treeOf } from '../../render/fixture.ts';

const capabilities: Capabilities = { version: 'v1.36.3', apiVersions: ['apps/v1'] };

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
  expect(inputsKey(same)).toBe(inputsKey(parts));
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
  expect(inputsKey({ ...parts, ...change })).not.toBe(inputsKey(parts));
});

test('the cluster does not matter to the key where no chart can be', () => {
  const plain = withSource({ directory: { recurse: true } });
  const other = { version: 'v1.37.0', apiVersions: [] };
  expect(inputsKey({ ...parts, app: plain, capabilities: other })).toBe(inputsKey({ ...parts, app: plain }));
});

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'chart/values.yaml': 'user: admin\n',
  'chart/templates/secret.yaml': 'data: {p: {{ randAlphaNum 16 | b64enc }}}\n',
  'chart/README.md': '# Database\n',
  'chart/docs/index.md': 'about\n',
  'chart/Chart.lock': 'generated: "2026-01-01"\n',
  'chart/templates/NOTES.txt': 'thanks\n',
  'chart/ci/values.yaml': 'a: 1\n',
};

type Change = {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: Capabilities;
  readonly helm?: Partial<HelmOptions>;
  readonly toolVersions?: string;
  readonly app?: Partial<Application>;
};

function keyOf(base: Readonly<Record<string, string>>, change: Change = {}): string {
  const helm = { valueFiles: [], includeCRDs: true, ...change.helm };
  return renderingKey({
    app: { ...applicationOf({ path: 'chart', helm }), ...change.app },
    files: treeOf({ ...base, ...change.files }),
    inputs: [{ path: 'chart', oid: JSON.stringify(change.files ?? {}) }],
    capabilities: change.capabilities ?? capabilities,
    toolVersions: change.toolVersions ?? 'helm 4',
  }).key;
}

const timeout = { ...applicationOf({}).sync, timeoutSeconds: 1 };

test.each<[string, Change]>([
  ['its README.md (P6)', { files: { 'chart/README.md': '# Other' } }],
  ['its docs', { files: { 'chart/docs/more.md': 'more' } }],
  ['its licence', { files: { 'chart/LICENSE': 'MIT' } }],
  ['the date of its lock file', { files: { 'chart/Chart.lock': 'generated: "2026-02-02"' } }],
  ['its notes', { files: { 'chart/templates/NOTES.txt': 'many thanks' } }],
  ['the values of its own tests', { files: { 'chart/ci/values.yaml': 'a: 2' } }],
  ['a comment in its values', { files: { 'chart/values.yaml': '# who\nuser:   admin\n' } }],
  ['a comment in Chart.yaml', { files: { 'chart/Chart.yaml': `${CHART['chart/Chart.yaml']}# see docs\n` } }],
  ['a file beside the chart', { files: { 'other/a.yaml': 'a: 1' } }],
  ['a CRD that another application installs (P8)', { capabilities: { ...capabilities, apiVersions: ['x.io/v1'] } }],
  ['the version of the cluster', { capabilities: { ...capabilities, version: 'v1.37.0' } }],
  ['sync.timeout (P8)', { app: { sync: timeout } }],
  ['the version of Helm, since its values are random', { toolVersions: 'helm 5' }],
])('the rendering of a chart stays where only %s changes', (_what, change) => {
  expect(keyOf(CHART, change)).toBe(keyOf(CHART));
});

test.each<[string, Change]>([
  ['a template', { files: { 'chart/templates/secret.yaml': 'data: {}' } }],
  ['a new template', { files: { 'chart/templates/more.yaml': 'data: {}' } }],
  ['a value', { files: { 'chart/values.yaml': 'user: root\n' } }],
  ['the version of the chart', { files: { 'chart/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.1\n' } }],
  ['notes that define a template', { files: { 'chart/templates/NOTES.txt': '{{ define "x" }}{{ end }}' } }],
  ['a CRD of the chart', { files: { 'chart/crds/a.yaml': 'kind: CustomResourceDefinition' } }],
  ['the schema of its values', { files: { 'chart/values.schema.json': '{}' } }],
  ['a subchart', { files: { 'chart/charts/x/templates/a.yaml': 'data: {}' } }],
  ['inline values', { helm: { values: { user: 'root' } } }],
  ['the name of the release', { helm: { releaseName: 'other' } }],
  ['a values file', { files: { 'chart/prod.yaml': 'a: 1' }, helm: { valueFiles: ['prod.yaml'] } }],
  ['the name of the application', { app: { name: 'blue' } }],
])('a chart is rendered again where %s changes', (_what, change) => {
  expect(keyOf(CHART, change)).not.toBe(keyOf(CHART));
});

const withTemplate = (text: string) => ({ ...CHART, 'chart/templates/a.yaml': text });
const crd: Change = { capabilities: { ...capabilities, apiVersions: ['apps/v1', 'x.io/v1', 'x.io/v1/Thing'] } };
const minor: Change = { capabilities: { ...capabilities, version: 'v1.37.0' } };
const patch: Change = { capabilities: { ...capabilities, version: 'v1.36.9' } };
const readme: Change = { files: { 'chart/README.md': '# Other' } };

test.each<[string, string, Change, boolean]>([
  ['one API and another one comes', '{{ .Capabilities.APIVersions.Has "y.io/v1" }}', crd, true],
  ['one API and it comes', '{{ .Capabilities.APIVersions.Has "x.io/v1" }}', crd, false],
  ['one kind by a raw text and it comes', '{{ $.Capabilities.APIVersions.Has `x.io/v1/Thing` }}', crd, false],
  ['an API by a variable', '{{ .Capabilities.APIVersions.Has $api }}', crd, false],
  ['all APIs', '{{ range .Capabilities.APIVersions }}', crd, false],
  ['everything', '{{ include "x" .Capabilities }}', crd, false],
  ['the version, and an API comes', '{{ .Capabilities.KubeVersion.Minor }}', crd, true],
  ['the version, and a minor one comes', '{{ .Capabilities.KubeVersion.Version }}', minor, false],
  ['the version, and a patch comes', '{{ .Capabilities.KubeVersion.Version }}', patch, true],
  ['what is live, which it never sees', '{{ lookup "v1" "Secret" "a" "b" }}', crd, true],
  ['a file that stays', '{{ .Files.Get "conf/a.txt" }}', readme, true],
  ['a file by its name', '{{ .Files.Get "README.md" }}', readme, false],
  ['files by a glob', '{{ (.Files.Glob "*.md").AsConfig }}', readme, false],
  ['files by another glob', '{{ range $p, $_ := .Files.Glob "conf/**" }}{{ end }}', readme, true],
  ['a file by a value', '{{ .Files.Get .Values.file }}', readme, false],
])('a chart that asks for %s', (_what, template, change, stays) => {
  const chart = withTemplate(template);
  expect(keyOf(chart, change) === keyOf(chart)).toBe(stays);
});

test('a template in a value is looked at as well', () => {
  const chart = { ...CHART, 'chart/values.yaml': 'extra: \'{{ .Capabilities.APIVersions.Has "x.io/v1" }}\'\n' };
  expect(keyOf(chart, crd)).not.toBe(keyOf(chart));
  const helm = { values: { extra: '{{ .Files.Get "README.md" }}' } };
  expect(keyOf(CHART, { helm, ...readme })).not.toBe(keyOf(CHART, { helm }));
});

test('the version of the cluster matters to a chart that names the ones it is for', () => {
  const chart = { ...CHART, 'chart/Chart.yaml': `${CHART['chart/Chart.yaml']}kubeVersion: ">=1.30"\n` };
  expect(keyOf(chart, minor)).not.toBe(keyOf(chart));
});

test('a chart without random values is rendered again by another version of Helm', () => {
  const chart = { ...CHART, 'chart/templates/secret.yaml': 'data: {}' };
  expect(keyOf(chart, { toolVersions: 'helm 5' })).not.toBe(keyOf(chart));
});

/** A packed chart as `helm package` makes it, by the file names that it gives them. */
function packed(files: Readonly<Record<string, string>>, mtime: number): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const [header, content] = [Buffer.alloc(512), Buffer.from(text)];
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write(mtime.toString(8).padStart(11, '0'), 136);
    header.write('0', 156);
    header.write('ustar', 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function keyWith(archive: Uint8Array, change: Partial<Capabilities> = {}): string {
  return renderingKey({
    app: applicationOf({ path: 'chart' }),
    files: new Map([...treeOf(CHART), ['chart/charts/lib-1.0.0.tgz', archive]]),
    inputs: [],
    capabilities: { ...capabilities, ...change },
    toolVersions: 'helm 4',
  }).key;
}

test('a packed subchart counts by what Helm reads of it, whenever it was packed', () => {
  const files = { 'lib/Chart.yaml': 'name: lib', 'lib/templates/a.yaml': 'a: {{ uuidv4 }}', 'lib/README.md': 'a' };
  const key = keyWith(packed(files, 1));
  expect(keyWith(packed({ ...files, 'lib/README.md': 'b' }, 2))).toBe(key);
  expect(keyWith(packed({ ...files, 'lib/templates/a.yaml': 'b' }, 1))).not.toBe(key);
  expect(keyWith(packed(files, 1), { apiVersions: [] })).toBe(key);
});

test('what is no packed chart, or asks for capabilities itself, counts as asking for everything', () => {
  const asking = packed({ 'lib/Chart.yaml': 'name: lib', 'lib/templates/a.tpl': '{{ .Capabilities }}' }, 1);
  for (const archive of [asking, Buffer.from('no archive')])
    expect(keyWith(archive, { apiVersions: [] })).not.toBe(keyWith(archive));
});
