import { type Harness, startHarness } from './harness.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const valid = { 'valid.yaml': yaml(configMap('valid')) };
const chart = { 'Chart.yaml': yaml({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }) };

test.each([
  [
    'a tab in YAML',
    { ...valid, 'bad.yaml': 'kind: ConfigMap\n\tmetadata: {}' },
    'ManifestInvalid',
    /^bad\.yaml:2: .*tab/i,
  ],
  [
    'a key that stands twice',
    { ...valid, 'bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b' },
    'ManifestInvalid',
    /^bad\.yaml:5: .*"?name"?/,
  ],
  [
    'an object without kind',
    { ...valid, 'bad.yaml': 'apiVersion: v1\nmetadata: { name: a }' },
    'ManifestInvalid',
    /^bad\.yaml:1: .*kind/,
  ],
  [
    'a chart that fails',
    { ...chart, 'templates/a.yaml': '{{ fail "set replicas" }}' },
    'RenderFailed',
    /templates\/a\.yaml.*set replicas/s,
  ],
  ['a chart that is not YAML', { ...chart, 'templates/a.yaml': 'kind: [' }, 'RenderFailed', /templates\/a\.yaml/],
  [
    'a kustomization whose resource does not exist',
    { 'kustomization.yaml': yaml({ resources: ['missing.yaml'] }) },
    'RenderFailed',
    /^kustomization\.yaml:3: resources: "missing\.yaml" does not exist in the repository$/,
  ],
  [
    'a kustomization whose patch meets nothing',
    {
      ...valid,
      'kustomization.yaml': yaml({
        resources: ['valid.yaml'],
        patches: [{ patch: yaml({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other' } }) }],
      }),
    },
    'RenderFailed',
    /no matches for Id Secret/,
  ],
])(
  'one clear error on the operation tells of %s, and the cluster is untouched',
  async (_what, files, code, message) => {
    harness.api.forget();
    const app = await harness.app(files);
    const { outcome } = await app.settled();

    expect(outcome).toEqual({
      status: 'failed',
      message: expect.stringMatching(message),
      error: { code, message: outcome?.message, hint: expect.any(String) },
    });
    expect(harness.api.writes()).toEqual([]);
  },
);

test('every broken file is named at once', async () => {
  const app = await harness.app({ 'a.yaml': 'kind: [', 'b.yaml': '\tkind: x', 'c.yaml': yaml(configMap('c')) });
  const { outcome } = await app.settled();

  expect(outcome?.message).toMatch(/^a\.yaml:1: .*\nb\.yaml:1: /);
});

test('the good commit after a broken one is deployed, and what was live before stays until then', async () => {
  const app = await harness.app(valid);
  await app.settled();
  await app.deploy({ 'valid.yaml': 'kind: [' });
  expect(await app.live('v1', 'ConfigMap', 'valid')).toBeDefined();
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/valid`]);

  const operation = await app.deploy({ 'valid.yaml': yaml(configMap('valid', '2')) });
  expect(operation.outcome).toMatchObject({ status: 'synced', message: '1 configured' });
});
