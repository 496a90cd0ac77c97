import { DriftlessError } from '../../../../lib/errors.ts';
import type { ApplyResult } from '../../../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { gadget, gadgets } from '../gadget.ts';
import { PlanWorld } from '../plan/plan-world.ts';
import { configMap, widget } from '../rig.ts';

const denied: ApplyResult = { status: 'refused', reason: 'forbidden', message: 'denied', causes: [] };
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } };
const inFresh = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'fresh' },
});
const hook = (spec: string, annotations: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'argocd.argoproj.io/hook': 'PreSync', ...annotations } },
  spec: { template: { image: spec } },
});

/** Lets time pass until the work is done. */
async function passing<T>(world: PlanWorld, work: Promise<T>): Promise<T> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => undefined);
  while (!ended) await world.clock.advance(100);
  return watched;
}

test('only objects that differ are written, in the order of kinds', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), widget('w'));
  await world.apply(await world.plan(widget('w', '2'), configMap('b'), configMap('a')));
  expect(world.cluster.requests).toEqual(['APPLY ConfigMap/store/b', 'APPLY Widget/store/w']);
});

test('deferred objects are dry-run once their Namespace exists, all of the tier before any of it is written', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(namespace, inFresh(configMap('a')), inFresh(configMap('b')));
  expect((await world.apply(plan)).refusals).toEqual([]);
  expect(world.cluster.requests).toEqual([
    'APPLY Namespace/fresh',
    'DRY-RUN ConfigMap/fresh/a',
    'DRY-RUN ConfigMap/fresh/b',
    'APPLY ConfigMap/fresh/a',
    'APPLY ConfigMap/fresh/b',
  ]);
});

test('a refused deferred object keeps its tier and all later ones from being written', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(namespace, inFresh(configMap('a')), inFresh(configMap('b')), inFresh(widget('w')));
  world.cluster.refuse('ConfigMap/fresh/b', denied);
  const { applied, refusals } = await world.apply(plan);
  expect(refusals.map(({ message }) => message)).toEqual(['denied']);
  expect(applied.map(({ object }) => object.id.kind)).toEqual(['Namespace']);
  expect(world.cluster.requests.filter((request) => request.startsWith('APPLY'))).toEqual(['APPLY Namespace/fresh']);
});

test('a refusal that the plan could not foresee stops the tiers after it; the applied objects are reported', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(configMap('a'), configMap('b'), widget('w'));
  world.cluster.refuse('ConfigMap/store/b', denied);
  const { applied, refusals } = await world.apply(plan);
  expect(refusals).toMatchObject([{ id: { name: 'b' }, message: 'denied', source: 'all.yaml:2' }]);
  expect(applied.map(({ object }) => object.id.name)).toEqual(['a']);
  expect(world.cluster.requests).not.toContain('APPLY Widget/store/w');
});

test('an owner since the plan is a refusal, too', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(configMap('a'));
  world.cluster.put({ ...configMap('a', 'theirs'), metadata: { name: 'a', namespace: 'store' } }, 'hpa');
  expect((await world.apply(plan)).refusals).toMatchObject([{ field: '.data.value' }]);
});

test('an error stops the writes that have not started', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(configMap('a'), widget('w'));
  world.cluster.before = () => {
    throw new DriftlessError('ApiServerUnreachable', 'gone');
  };
  await expect(world.apply(plan)).rejects.toMatchObject({ code: 'ApiServerUnreachable' });
  expect(world.cluster.requests).toEqual(['APPLY ConfigMap/store/a']);
});

test('a custom resource is applied when its definition is established and served', async () => {
  const world = new PlanWorld();
  const plan = await world.plan(gadget, gadgets);
  expect((await world.apply(plan)).refusals).toEqual([]);
  expect(world.cluster.requests).toEqual([
    'APPLY CustomResourceDefinition/gadgets.example.com',
    'GET CustomResourceDefinition/gadgets.example.com',
    'DRY-RUN Gadget/store/g',
    'APPLY Gadget/store/g',
  ]);
});

describe('a recreated object', () => {
  async function recreating(world: PlanWorld) {
    const job = (image: string): KubeObject => ({ ...hook(image), metadata: { name: 'migrate' } });
    await world.deploy(job('v1'));
    world.cluster.edit('Job/store/migrate', (live) => ({
      ...live,
      metadata: { ...live.metadata, finalizers: ['example.com/f'] },
    }));
    return world.plan(job('v2'));
  }

  test('is created when the old one is gone', async () => {
    const world = new PlanWorld({ recreate: true });
    const plan = await recreating(world);
    const applied = world.apply(plan);
    await world.clock.advance(5_000);
    expect(world.cluster.requests).not.toContain('APPLY Job/store/migrate');
    world.cluster.edit('Job/store/migrate', () => undefined);
    expect((await passing(world, applied)).refusals).toEqual([]);
    expect(world.cluster.find('Job/store/migrate').spec).toEqual({ template: { image: 'v2' } });
  });

  test('is not waited for without end; the finalizers are named', async () => {
    const world = new PlanWorld({ recreate: true });
    const plan = await recreating(world);
    await expect(passing(world, world.apply(plan))).rejects.toMatchObject({
      code: 'ApiServerRejected',
      message: 'Job/migrate is still being deleted (remaining finalizers: example.com/f) after 60 s',
    });
  });

  test('is not deleted again when the step runs again after a crash', async () => {
    const world = new PlanWorld({ recreate: true });
    const job = (image: string): KubeObject => ({ ...hook(image), metadata: { name: 'migrate' } });
    await world.deploy(job('v1'));
    const plan = await world.plan(job('v2'));
    await world.apply(plan);
    const { uid } = world.cluster.find('Job/store/migrate').metadata;
    await world.apply(plan);
    expect(world.cluster.find('Job/store/migrate').metadata.uid).toBe(uid);
  });
});

describe('a hook', () => {
  const uidOf = (world: PlanWorld) => world.cluster.find('Job/store/migrate').metadata.uid;

  test('runs before the rest, marked with the operation that runs it', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), hook('v1'));
    expect(world.cluster.requests.filter((request) => request.startsWith('APPLY'))).toEqual([
      'APPLY Job/store/migrate',
      'APPLY ConfigMap/store/a',
    ]);
    expect(world.cluster.find('Job/store/migrate').metadata.annotations).toMatchObject({
      'driftless.dev/operation': 'shop-1',
    });
  });

  test('is not run where nothing else changes', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), hook('v1'));
    const plan = await world.plan(configMap('a'), hook('v1'));
    expect(plan.objects.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });

  test.each([
    ['something else changes', 'v1', '2'],
    ['it is new itself', 'v2', '1'],
  ])('is recreated where %s', async (_what, image, value) => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), hook('v1'));
    const before = uidOf(world);
    world.operation = 'shop-2';
    await world.deploy(configMap('a', value), hook(image));
    expect(uidOf(world)).not.toBe(before);
  });

  test('stays where its delete policy keeps it, and is applied', async () => {
    const world = new PlanWorld();
    const kept = { 'argocd.argoproj.io/hook-delete-policy': 'HookFailed' };
    await world.deploy(configMap('a'), hook('v1', kept));
    const before = uidOf(world);
    world.operation = 'shop-2';
    await world.deploy(configMap('a', '2'), hook('v1', kept));
    expect(uidOf(world)).toBe(before);
  });

  test('is not run twice by one operation, though the step runs again after a crash', async () => {
    const world = new PlanWorld();
    const plan = await world.plan(configMap('a'), hook('v1'));
    await world.apply(plan);
    const before = uidOf(world);
    await world.apply(plan);
    expect(uidOf(world)).toBe(before);
    expect(world.cluster.requests).not.toContain('DELETE Job/store/migrate');
  });

  test('for failures alone makes no other hook run', async () => {
    const world = new PlanWorld();
    const onFailure = {
      ...hook('tell'),
      metadata: { name: 'tell', annotations: { 'argocd.argoproj.io/hook': 'SyncFail' } },
    };
    const objects = [configMap('a'), hook('v1'), onFailure];
    await world.deploy(...objects);
    world.inventory = world.inventory.map(({ hash, ...entry }) =>
      entry.name === 'tell' ? entry : { ...entry, ...(hash && { hash }) },
    );
    expect(new Set((await world.plan(...objects)).objects.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  });
});
