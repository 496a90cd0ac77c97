// What a push may render on AWS reaches no Runtime API, which lies on the loopback interface of the function: addresses are refused before the function is called, and
// where that missed one, the tool has no network where the system allows that.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '../../dev/lambda/sandbox.ts';
import { packRequest, unpackRendering } from '../../lib/aws/lambda/render-codec.ts';
import { ENV } from '../../lib/config/env-names.ts';
import type { RenderRequest } from '../../lib/model/source-tree.ts';
import type { Blobs } from '../../lib/ports/store.ts';
import { hasNetworkNamespaces } from '../../lib/render/exec/confinement.ts';
import { renderSource } from '../../lib/sync/render/render-source.ts';
import { applicationOf, treeOf } from '../lib/render/fixture.ts';
import { layTools } from './account.ts';
import { sharedBundles } from './shared-bundles.ts';

let folder: string;
let render: Sandbox;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-prison-'));
  const [bundled] = await Promise.all([sharedBundles(), layTools(folder)]);
  const environment = { AWS_REGION: 'eu-central-1', [ENV.bucket]: 'none', [ENV.tools]: folder };
  render = await createSandbox({ bundle: join(bundled.folder, 'render', 'index.mjs'), name: 'render', environment });
});

afterAll(async () => {
  await render?.kill();
  await rm(folder, { recursive: true, force: true });
});

/** Other tests have asked it on purpose. */
let before = 0;
beforeEach(() => {
  before = render.runtimeApi.requests.length;
});
const asked = () => render.runtimeApi.requests.slice(before);

const NEXT = '2018-06-01/runtime/invocation/next';
const CHART = 'apiVersion: v2\nname: a\nversion: 1.0.0\n';
const generator = (url: string) =>
  `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: ["k=${url}"]\n`;
const patch = (url: string) => `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: ${url}\n`;

/** Files of a hostile push, for an address of this machine. */
const HOSTILE: readonly [string, 'kustomize' | 'helm', (url: string) => Record<string, string>][] = [
  ['a resource', 'kustomize', (url) => ({ 'app/kustomization.yaml': `resources: ["${url}"]` })],
  ['a component', 'kustomize', (url) => ({ 'app/kustomization.yaml': `components: ["${url}"]` })],
  [
    'a resource of a base',
    'kustomize',
    (url) => ({ 'app/kustomization.yaml': 'resources: [../b]', 'b/kustomization.yaml': `resources: ["${url}"]` }),
  ],
  [
    'a generator',
    'kustomize',
    (url) => ({ 'app/kustomization.yaml': `configMapGenerator: [{name: x, files: ["k=${url}"]}]` }),
  ],
  ['a patch', 'kustomize', (url) => ({ 'app/kustomization.yaml': `patches: [{path: "${url}", target: {kind: Pod}}]` })],
  ['an OpenAPI schema', 'kustomize', (url) => ({ 'app/kustomization.yaml': `openapi: {path: "${url}"}` })],
  ['the address of a plugin', 'kustomize', (url) => ({ 'app/kustomization.yaml': `transformers: ["${url}"]` })],
  [
    'the configuration of a plugin',
    'kustomize',
    (url) => ({ 'app/kustomization.yaml': 'generators: [g.yaml]', 'app/g.yaml': generator(url) }),
  ],
  [
    'an inline configuration of a plugin',
    'kustomize',
    (url) => ({ 'app/kustomization.yaml': `generators: [${JSON.stringify(generator(url))}]` }),
  ],
  [
    'a transformer',
    'kustomize',
    (url) => ({ 'app/kustomization.yaml': `transformers: [${JSON.stringify(patch(url))}]` }),
  ],
  [
    'a schema of values',
    'helm',
    (url) => ({ 'app/Chart.yaml': CHART, 'app/values.schema.json': JSON.stringify({ $ref: url }) }),
  ],
  [
    'a dialect of a schema',
    'helm',
    (url) => ({ 'app/Chart.yaml': CHART, 'app/values.schema.json': JSON.stringify({ $schema: url }) }),
  ],
  [
    'a schema of a dependency',
    'helm',
    (url) => ({
      'app/Chart.yaml': `${CHART}dependencies: [{name: b, version: 1.0.0, repository: ''}]\n`,
      'app/charts/b/Chart.yaml': CHART.replace('name: a', 'name: b'),
      'app/charts/b/values.schema.json': JSON.stringify({ $ref: url }),
    }),
  ],
  [
    'a dependency',
    'helm',
    (url) => ({ 'app/Chart.yaml': `${CHART}dependencies: [{name: b, version: 1.0.0, repository: "${url}"}]\n` }),
  ],
];

test.each(HOSTILE)(
  'R1: %s with the address of the Runtime API is refused before a tool runs',
  async (_what, tool, texts) => {
    const calls: RenderRequest[] = [];
    const renderer = { render: async (request: RenderRequest) => String(calls.push(request)) };
    const capabilities = { version: 'v1.36.3', apiVersions: [] };
    const options =
      tool === 'helm' ? { helm: { valueFiles: [], includeCRDs: true } } : { kustomize: { allowRemoteBases: false } };
    const app = applicationOf({ path: 'app', ...options });
    const files = treeOf(texts(`http://${render.runtimeApi.address}/${NEXT}`));
    await expect(renderSource({ app, files, capabilities }, { renderer })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:SourceRefused|RenderFailed)$/),
    });
    expect(calls).toEqual([]);
  },
);

const never = () => Promise.reject(new Error('no blob is needed'));
const NO_BLOBS: Blobs = { put: never, get: never };

const onlyWithNamespaces = hasNetworkNamespaces() ? test.each : test.skip.each;

onlyWithNamespaces(HOSTILE)('R1: %s reaches no Runtime API in the function either', async (_what, tool, texts) => {
  const url = `http://${render.runtimeApi.address}/${NEXT}`;
  await invoke(
    tool === 'helm' ? { helm: { valueFiles: [], includeCRDs: true } } : { kustomize: { allowRemoteBases: false } },
    texts(url),
  ).catch(() => undefined);
  expect(asked()).toEqual([]);
});

test('R1: the function gives Kustomize no network, whatever the request says', async () => {
  const texts = { 'app/kustomization.yaml': `resources: ["http://${render.runtimeApi.address}/${NEXT}"]` };
  await expect(invoke({ kustomize: { allowRemoteBases: true } }, texts)).rejects.toMatchObject({
    code: 'SourceRefused',
    message:
      'app: spec.source.kustomize.allowRemoteBases: the renderer has no network on AWS; copy the bases into the repository',
  });
  expect(asked()).toEqual([]);
});

test('the Runtime API gives every process that reaches it the event, nonce and all', async () => {
  await invoke({ helm: { valueFiles: [], includeCRDs: true } }, { 'app/Chart.yaml': CHART });
  const answer = await fetch(`http://${render.runtimeApi.address}/${NEXT}`);
  expect(await answer.json()).toMatchObject({ nonce: 'a nonce' });
  expect(asked()).toEqual([`GET /${NEXT}`]);
});

async function invoke(tool: RenderRequest['tool'], texts: Record<string, string>): Promise<string> {
  const names = { name: 'shop', namespace: 'store', kubeVersion: 'v1.36.3', apiVersions: [] };
  const message = await packRequest({ ...names, tool, files: treeOf(texts), path: 'app' }, NO_BLOBS);
  const answer = await render.invoke({ ...message, nonce: 'a nonce' });
  expect(answer).toMatchObject({ nonce: 'a nonce' });
  return unpackRendering(answer, NO_BLOBS);
}
