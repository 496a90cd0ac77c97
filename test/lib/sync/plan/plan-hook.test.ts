// D3: a hook under whose name something stands already.
import { formatChangeSet } from '../../../../lib/diff/format.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { toChangeSet } from '../../../../lib/plan/planned.ts';
import { configMap } from '../rig.ts';
import { PlanWorld } from './plan-world.ts';

const ARGO = { 'argocd.argoproj.io/hook': 'PreSync' };
const HELM = { 'helm.sh/hook': 'pre-upgrade' };

const object = (kind: string, name: string, annotations: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : kind === 'StatefulSet' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
  ...(kind === 'Namespace' ? {} : { spec: { template: 'v1' } }),
});
const live = (one: KubeObject, labels?: Readonly<Record<string, string>>): KubeObject => ({
  ...one,
  metadata: {
    ...one.metadata,
    ...(one.kind !== 'Namespace' && { namespace: 'store' }),
    ...(labels && { labels }),
  },
});
const deletes = (world: PlanWorld): readonly string[] =>
  world.cluster.requests.filter((request) => /^(DELETE|APPLY)/.test(request));

test.each<
  [string, KubeObject, Readonly<Record<string, string>>, string, Readonly<Record<string, string>> | undefined, string?]
>([
  ['a Namespace made by kubectl', object('Namespace', 'victim'), ARGO, 'kubectl-create', undefined],
  [
    'a Namespace that createNamespace made for another application',
    object('Namespace', 'victim'),
    ARGO,
    'driftless',
    undefined,
  ],
  ['a volume claim made by kubectl', object('PersistentVolumeClaim', 'data'), HELM, 'kubectl-create', undefined],
  ['a StatefulSet made by Helm', object('StatefulSet', 'db'), HELM, 'helm', undefined],
  ['a Secret made by kubectl', object('Secret', 'token'), ARGO, 'kubectl-client-side-apply', undefined],
  ['a ConfigMap without a label', object('ConfigMap', 'extension'), ARGO, 'kubeadm', undefined],
  [
    'a Job of another application',
    object('Job', 'migrate', ARGO),
    ARGO,
    'driftless',
    { 'driftless.dev/app': 'blog' },
    'belongs to application blog',
  ],
  ['a Job that a person made', object('Job', 'migrate', ARGO), ARGO, 'a-person', undefined],
  [
    'an ordinary StatefulSet of this application',
    object('StatefulSet', 'db'),
    ARGO,
    'driftless',
    { 'driftless.dev/app': 'shop' },
  ],
])(
  'D3: a hook named as %s is refused before anything is written',
  async (_what, one, hook, manager, labels, message = 'no earlier run of this hook made it') => {
    for (const policy of ['BeforeHookCreation', 'HookSucceeded', 'HookFailed']) {
      const world = new PlanWorld();
      world.cluster.put(live(one, labels), manager);
      const { name } = one.metadata;
      const annotations = { ...hook, 'argocd.argoproj.io/hook-delete-policy': policy };
      const plan = await world.plan(configMap('a'), object(one.kind, name, annotations));
      expect(plan.refusals).toMatchObject([
        { id: { kind: one.kind, name }, message: expect.stringContaining(message) },
      ]);
      expect(deletes(world)).toEqual([]);
    }
  },
);

test.each(['argocd-controller', 'helm'])('D3: a Job that %s made for the same hook is replaced', async (manager) => {
  const world = new PlanWorld();
  world.cluster.put(live(object('Job', 'migrate', ARGO)), manager);
  const before = world.cluster.find('Job/store/migrate').metadata.uid;
  await world.deploy(configMap('a'), object('Job', 'migrate', ARGO));
  expect(world.cluster.find('Job/store/migrate').metadata.uid).not.toBe(before);
});

test('D3: the plan shows the deletion before the hook is created', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), object('Job', 'migrate', ARGO));
  const plan = await world.plan(configMap('a', '2'), object('Job', 'migrate', ARGO));
  expect(formatChangeSet(toChangeSet(plan)).split('\n')).toEqual([
    '- Job/store/migrate deleted (before hook creation)',
    '+ Job/store/migrate created (PreSync hook)',
    '~ ConfigMap/store/a configured',
    '    ConfigMap/store/a: data.value: 1 → 2',
    '1 created, 1 configured, 1 deleted',
  ]);
});

test('D3: a hook that Git changes replaces what its earlier run made, whatever the server says about the old object', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), object('Job', 'migrate', ARGO));
  world.cluster.edit('Job/store/migrate', ({ status: _, ...job }) => ({ ...job, status: { active: 1 } }));
  world.operation = 'shop-2';
  await world.deploy(configMap('a'), { ...object('Job', 'migrate', ARGO), spec: { template: 'v2' } });
  expect(world.cluster.find('Job/store/migrate').spec).toEqual({ template: 'v2' });
});

test('D3: a Namespace that an earlier run of the hook made stays, with what is in it', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), object('Namespace', 'scratch', ARGO));
  const { uid } = world.cluster.find('Namespace/scratch').metadata;
  world.operation = 'shop-2';
  const plan = await world.plan(configMap('a', '2'), object('Namespace', 'scratch', ARGO));
  expect(plan.refusals).toEqual([]);
  expect(plan.objects[0]).toMatchObject({ note: 'PreSync hook, changes the Namespace of its earlier run' });
  await world.apply(plan);
  expect(world.cluster.requests).not.toContain('DELETE Namespace/scratch');
  expect(world.cluster.find('Namespace/scratch').metadata.uid).toBe(uid);
});

test('D3: a volume claim of an earlier run that cannot be changed is a refusal', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), object('PersistentVolumeClaim', 'data', HELM));
  const { refusals } = await world.plan(configMap('a'), {
    ...object('PersistentVolumeClaim', 'data', HELM),
    spec: { storageClassName: 'fast' },
  });
  expect(refusals).toMatchObject([
    { message: expect.stringContaining('a hook never deletes a PersistentVolumeClaim') },
  ]);
});

test('D3: what comes under the name between plan and write stays, and the hook is refused', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(configMap('a'), object('Secret', 'token', ARGO));
  world.cluster.put(live(object('Secret', 'token')), 'kubectl-create');
  const { uid } = world.cluster.find('Secret/store/token').metadata;
  const { refusals } = await world.apply(plan);
  expect(refusals).toMatchObject([{ id: { name: 'token' }, message: expect.stringContaining('kubectl-create') }]);
  expect(world.cluster.find('Secret/store/token').metadata.uid).toBe(uid);
  expect(deletes(world)).toEqual([]);
});

test('D3: what replaces the earlier run between plan and write stays', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), object('Job', 'migrate', ARGO));
  const plan = await world.plan(configMap('a', '2'), object('Job', 'migrate', ARGO));
  const old = world.cluster.find('Job/store/migrate');
  world.cluster.edit('Job/store/migrate', () => undefined);
  const { uid: _, resourceVersion: __, managedFields: ___, ...metadata } = old.metadata;
  world.cluster.put({ ...old, metadata }, 'a-person');
  const { uid } = world.cluster.find('Job/store/migrate').metadata;
  world.operation = 'shop-2';
  expect((await world.apply(plan)).refusals).toMatchObject([{ id: { name: 'migrate' } }]);
  expect(world.cluster.find('Job/store/migrate').metadata.uid).toBe(uid);
});
