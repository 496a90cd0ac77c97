// S6: an application down to the object, as its users ask for it, on the real API server. No kubelet answers there; what logs hold is tested below the port.
import type { ObjectEvents } from '../../lib/inspect/events.ts';
import type { ObjectList } from '../../lib/inspect/stored/stored-objects.ts';
import type { ObjectTree, TreeNode } from '../../lib/inspect/tree.ts';
import { type CliWorld, startCliWorld } from './cli-world.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(180_000);

const HIDDEN = 'zq7-hidden-value';
const encoded = Buffer.from(HIDDEN).toString('base64');
const changed = Buffer.from(`${HIDDEN}-changed`).toString('base64').replaceAll('=', '');

let world: CliWorld;

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys' },
  stringData: { token: HIDDEN },
};

beforeAll(async () => {
  const hook = { 'argocd.argoproj.io/sync-wave': '2', 'driftless.dev/prune': 'false' };
  world = await startCliWorld({
    'web.yaml': yaml(deployment('web', 'v1'), service('web')),
    'late.yaml': yaml({ ...configMap('late', 'one'), metadata: { name: 'late', annotations: hook } }, secret),
  });
});

afterAll(() => world.stop());

const kindsIn = ({ kind, children }: TreeNode): readonly string[] => [kind, ...children.flatMap(kindsIn)];

test('S6: get names every object with its sync, health, wave, last change and guards', async () => {
  const { app, ask, askJson } = world;
  const { items } = await askJson<ObjectList>('get', app);
  expect(items.map(({ kind, name }) => `${kind}/${name}`).sort()).toEqual([
    'ConfigMap/late',
    'Deployment/web',
    'Secret/keys',
    'Service/web',
  ]);
  expect(items.map(({ sync, health }) => [sync.status, health.status])).toEqual(Array(4).fill(['Synced', 'Healthy']));
  const late = items.find(({ name }) => name === 'late');
  expect(late).toMatchObject({ wave: 2, guards: ['prune-disabled'], changed: { seq: 1, action: 'created' } });

  const text = await ask('get', app);
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toMatch(/\nOBJECT +SYNC +HEALTH +WAVE +AGE +CHANGED +GUARDS\n/);
  expect(text.stdout).toMatch(
    new RegExp(`\nConfigMap/${app}/late +Synced +Healthy +2 +\\d+s +1 created \\d+s ago +prune-disabled\n`),
  );
  expect((await ask('get', app, '-o', 'name')).stdout.split('\n')).toContain(`Deployment/${app}/web`);
});

test('S6: tree goes from the objects in Git down to the pods', async () => {
  const { app, ask, askJson } = world;
  const tree = await askJson<ObjectTree>('tree', app);
  expect(tree.unread).toEqual([]);
  const web = tree.items.find(({ kind }) => kind === 'Deployment');
  expect(web && kindsIn(web)).toEqual(['Deployment', 'ReplicaSet', 'Pod']);
  expect(web?.children[0]?.children[0]).toMatchObject({ health: { status: 'Healthy' }, state: '1/1 Running' });

  const text = await ask('tree', app);
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toMatch(
    new RegExp(
      `\nDeployment/${app}/web .*\n└─ ReplicaSet/${app}/web-\\w+ .*\n   └─ Pod/${app}/web-\\S+ +Healthy +1/1 Running`,
    ),
  );
});

test('S6: diff tells what a manual edit changed, and what the head of Git would', async () => {
  const { app, ask, kubectl, repository } = world;
  const object = ['--object', 'deploy/web'];
  expect(await ask('diff', app, ...object)).toMatchObject({ exitCode: 0, stderr: '' });
  await ask('suspend', app, '--reason', 'diff');
  await kubectl('scale', 'deployment/web', '--replicas=3');
  await repository.push({ 'web.yaml': yaml(deployment('web', 'v2'), service('web')) });

  const diff = await ask('diff', app, ...object);
  expect(diff).toMatchObject({ exitCode: 1, stderr: '' });
  expect(diff.stdout).toMatch(
    new RegExp(
      `^Live → deployed \\w{7}\n~ Deployment/${app}/web configured\n {4}Deployment/${app}/web: spec.replicas: 3 → 1\n1 configured\n\nDeployed → head \\w{7}\n~ Deployment/${app}/web configured\n.*registry.example/web:v1 → registry.example/web:v2\n1 configured\n$`,
    ),
  );
  expect(await ask('diff', app, '--object', 'svc/web')).toMatchObject({ exitCode: 0 });
  expect(await ask('diff', app, '--object', `deploy/${app}/web`, '--against', 'live')).toMatchObject({ exitCode: 1 });

  const live = await ask('get', app, '--live');
  expect(live).toMatchObject({ exitCode: 1, stderr: '' });
  expect(live.stdout).toMatch(new RegExp(`\nDeployment/${app}/web +OutOfSync +`));
  await kubectl('scale', 'deployment/web', '--replicas=1');
});

test('S6: events are of the objects and of what they own, and hostile text is shown, not obeyed', async () => {
  const { app, ask, askJson, kube } = world;
  const { items } = await askJson<ObjectEvents>('events', app);
  expect(items.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['ScalingReplicaSet', 'SuccessfulCreate']));
  const web = await kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: app, name: 'web' });
  await kube.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'hostile', namespace: app },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app, name: 'web', uid: web?.metadata.uid },
    reason: 'Hostile',
    message: '\u001b[2J\u001b]0;owned\u0007 \u202egnp',
    type: 'Warning',
    lastTimestamp: '2999-01-01T00:00:00Z',
  });
  const { stdout } = await ask('events', app, 'deploy/web');
  expect(stdout).toMatch(/ Warning +Hostile +Deployment\/\S+ +1 +\\x1b\[2J\\x1b\]0;owned\\x07 \\u202egnp\n$/);
  expect(stdout).not.toContain('\u001b');
});

test('S6: a Secret is shown by no verb, whatever a person has put into its annotations', async () => {
  const { app, ask, kubectl } = world;
  await kubectl('patch', 'secret/keys', '--type=merge', '-p', `{"stringData":{"token":"${HIDDEN}-changed"}}`);
  await kubectl('annotate', 'secret/keys', `kubectl.kubernetes.io/last-applied-configuration={"token":"${HIDDEN}"}`);
  await kubectl('annotate', 'configmap/late', `kubectl.kubernetes.io/last-applied-configuration={"token":"${HIDDEN}"}`);
  const asked = [
    ['get', app, '-o', 'json'],
    ['get', app, '--live', '-o', 'yaml'],
    ['tree', app, '-o', 'json'],
    ['diff', app, '-o', 'json'],
    ['diff', app, '--object', 'secret/keys'],
    ['events', app, '-o', 'json'],
    ['logs', app],
  ];
  for (const args of asked) {
    const { stdout, stderr } = await ask(...args);
    expect(stdout + stderr).not.toMatch(HIDDEN);
    expect(stdout + stderr).not.toMatch(encoded);
    expect(stdout + stderr).not.toMatch(changed);
  }
  const { stdout } = await ask('diff', app, '--against', 'live');
  expect(stdout).toMatch(/\n {4}Secret\/\S+\/keys: data\.token: ••• \(before\) → ••• \(after\)\n/);
});

test('S6: what no inventory and no owner leads to is refused, also under a name that climbs', async () => {
  const { app, ask, kubectl } = world;
  await kubectl('run', 'stranger', '--image=registry.example/x:1');
  const strange = await ask('logs', app, 'pod/stranger');
  expect(strange).toMatchObject({ exitCode: 2, stdout: '' });
  expect(strange.stderr).toMatch(
    /^error: Application\/\S+: has no object "pod\/stranger"\nhint: .*\(ObjectUnknown\)\n$/,
  );
  expect((await ask('tree', app, '-o', 'name')).stdout).not.toContain('stranger');
  for (const name of ['pod/../../kube-system/x', 'pod/%2e%2e', 'secret/default/token', 'pod/\u001b[2J'])
    expect(await ask('events', app, name)).toMatchObject({ exitCode: 2, stdout: '' });
  const named = await ask('logs', app, 'deployment/web', '-c', 'nope');
  expect(named.stderr).toMatch(/^error: container "nope": does not exist; write one of web\n/);
  expect(await ask('tree', '../../api/applications')).toMatchObject({ exitCode: 2, stdout: '' });
});
