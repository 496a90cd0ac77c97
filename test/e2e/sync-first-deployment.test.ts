import type { Manifest } from '../../lib/model/change-set.ts';
import { JsonBlobs } from '../../lib/runtime/json-blobs.ts';
import { type Harness, startHarness } from './harness.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const template = [
  'apiVersion: v1',
  'kind: ConfigMap',
  'metadata: { name: {{ .Release.Name }}-settings }',
  'data: { value: {{ .Values.value | quote }} }',
].join('\n');

const plain = {
  'deploy/web.yaml': yaml(deployment('web'), service('web')),
  'deploy/config.yaml': yaml(configMap('settings')),
};
const overlay = {
  'base/kustomization.yaml': yaml({ resources: ['web.yaml'] }),
  'base/web.yaml': yaml(deployment('web')),
  'prod/kustomization.yaml': yaml({
    resources: ['../base'],
    namePrefix: 'prod-',
    configMapGenerator: [{ name: 'settings', literals: ['value=1'], options: { disableNameSuffixHash: true } }],
  }),
};
const chart = {
  'chart/Chart.yaml': yaml({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }),
  'chart/values.yaml': 'value: "1"',
  'chart/templates/config.yaml': template,
};

test.each([
  [
    'plain manifests',
    plain,
    { path: 'deploy' },
    ['ConfigMap settings', 'Deployment web', 'Service web'],
    'deploy/config.yaml',
  ],
  [
    'a Kustomize overlay',
    overlay,
    { path: 'prod' },
    ['ConfigMap prod-settings', 'Deployment prod-web'],
    'prod/kustomization.yaml',
  ],
  [
    'a Helm chart',
    chart,
    { path: 'chart', helm: { releaseName: 'redis' } },
    ['ConfigMap redis-settings'],
    'chart/templates/config.yaml',
  ],
])(
  'objects of %s are deployed, labelled and entered into the inventory',
  async (_renderer, files, source, objects, file) => {
    const app = await harness.app(files, { source });
    const operation = await app.settled();

    expect(operation.outcome?.status).toBe('synced');
    expect(await app.inventory()).toEqual(objects.map((object) => object.replace(' ', `/${app.name}/`)));
    const [kind = '', name = ''] = objects[0]?.split(' ') ?? [];
    const live = await app.live('v1', kind, name);
    expect({ data: live?.data, labels: live?.metadata.labels }).toEqual({
      data: { value: '1' },
      labels: { 'driftless.dev/app': app.name, 'driftless.dev/deployer': harness.deployer.deployer },
    });
    const record = await harness.deployer.state.application(app.name);
    const rendered = await new JsonBlobs<readonly Manifest[]>(harness.deployer.blobs).get(
      record?.lastSync?.renderedKey ?? '',
    );
    expect(rendered.find((manifest) => manifest.object.kind === 'ConfigMap')?.file).toBe(file);
  },
);

test('an operation is recorded whole: what set it off, the commit, the plan, the end, the time of each stage', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web'), service('web')) });
  const operation = await app.settled();
  const revision = await app.repository.git('rev-parse', 'HEAD');

  const health = { status: 'Healthy', message: '' };
  const ms = expect.any(Number);
  expect(operation).toEqual({
    app: app.name,
    seq: 1,
    commit: { author: 'Ada', email: 'ada@example.org', at: expect.any(String), subject: 'change', signed: false },
    trigger: { kind: 'config' },
    phase: 'done',
    revision,
    plan: { created: 3, configured: 0, recreated: 0, unchanged: 0, deleted: 0, skipped: 0, refused: 0 },
    renderedKey: expect.stringMatching(/^rendered\//),
    changeSetKey: `changes/${app.name}/1`,
    outcome: { status: 'synced', message: '3 created', revision, health },
    timings: { resolve: ms, render: ms, plan: ms, apply: ms, wait: ms, prune: ms },
    requestedAt: ISO_TIME,
    startedAt: ISO_TIME,
    endedAt: ISO_TIME,
  });
  expect(await harness.deployer.state.application(app.name)).toMatchObject({
    desiredSeq: 1,
    health,
    lastSync: {
      revision,
      seq: 1,
      status: 'synced',
      inputs: [{ path: '', oid: expect.stringMatching(/^[0-9a-f]{40}$/) }],
    },
  });
});

test('the namespace is made where createNamespace says so, and is nobody’s to prune', async () => {
  const app = await harness.app({ 'config.yaml': yaml(configMap('a')) });
  const operation = await app.settled();

  expect(await app.changes(operation)).toEqual([
    `+ Namespace/${app.name} created`,
    `+ ConfigMap/${app.name}/a created (planned after Namespace/${app.name} exists)`,
  ]);
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`]);
  const namespace = await harness.kube.get({ apiVersion: 'v1', kind: 'Namespace', name: app.name });
  expect(namespace?.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': app.name });
});

test('a first push deploys an application that was declared before there was a commit', async () => {
  const app = await harness.app();
  await app.settled();
  const operation = await app.deploy({ 'config.yaml': yaml(configMap('a')) });

  expect(await app.history()).toEqual(['1 config failed', '2 push synced']);
  expect(operation.trigger).toEqual({ kind: 'push', by: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '1' });
});
