import fc from 'fast-check';
import { formatRefusal } from '../../../../lib/diff/format.ts';
import type { ApplyResult } from '../../../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { gadget, gadgets } from '../gadget.ts';
import { configMap, widget } from '../rig.ts';
import { actionsOf, PlanWorld } from './plan-world.ts';

const inStore = (object: KubeObject, labels?: Readonly<Record<string, string>>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'store', ...(labels && { labels }) },
});
const job = (image: string, annotations: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations },
  spec: { template: { image } },
});
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'store' } };

describe('a field that another manager owns', () => {
  async function worldOwnedBy(manager: string, sync: { force?: boolean } = {}): Promise<PlanWorld> {
    const world = new PlanWorld(sync);
    world.cluster.put(inStore(configMap('a', 'theirs')), manager);
    return world;
  }

  test('is refused, with its manager, the field and the remedy', async () => {
    const world = await worldOwnedBy('hpa');
    const { refusals } = await world.plan(configMap('a'));
    expect(refusals.map(formatRefusal)).toEqual([
      'ConfigMap/store/a: .data.value: field manager "hpa" owns it; to leave it as it is, write `drift: { ignore: [{ kind: ConfigMap, name: "a", fields: ["data.value"] }] }` in the Application\'s spec; to take it over, `sync: { force: true }` (all.yaml:1)',
    ]);
  });

  test('is overwritten where force is set', async () => {
    const world = await worldOwnedBy('hpa', { force: true });
    expect((await world.plan(configMap('a'))).objects).toMatchObject([{ action: 'configured', force: true }]);
  });

  test('is overwritten where it is a former tool’s, which then owns nothing', async () => {
    const world = await worldOwnedBy('kubectl');
    const plan = await world.plan(configMap('a'));
    expect(plan.objects).toMatchObject([{ action: 'configured', force: true, takeOver: true }]);
    await world.apply(plan);
    const managers = world.cluster.find('ConfigMap/store/a').metadata.managedFields?.map(({ manager }) => manager);
    expect(managers).toEqual(['driftless']);
    expect(actionsOf(await world.plan(configMap('a')))).toEqual(['unchanged ConfigMap/store/a']);
  });
});

const LATER = 'a deployment takes it over once that one no longer holds it';

test.each([
  ['a ConfigMap', configMap('a'), configMap('a', '2'), {}],
  ['a Job that is to be recreated', job('v1'), job('v2'), { recreate: true }],
])('%s of another application is refused', async (_what, theirs, ours, sync) => {
  const world = new PlanWorld(sync);
  world.cluster.put(inStore(theirs, { 'driftless.dev/app': 'blog' }), 'driftless');
  const { refusals, objects } = await world.plan(ours);
  expect(refusals.map(({ message }) => message)).toEqual([`belongs to application blog; ${LATER}`]);
  expect(objects).toEqual([]);
});

test('a hook deletes no object of another application, though hooks are recreated', async () => {
  const world = new PlanWorld();
  world.cluster.put(inStore(job('v1'), { 'driftless.dev/app': 'blog' }), 'driftless');
  const { refusals } = await world.plan(job('v2', { 'argocd.argoproj.io/hook': 'PreSync' }));
  expect(refusals.map(({ message }) => message)).toEqual([
    'already exists, and no earlier run of this hook made it (it belongs to application blog); a hook replaces only what it made: delete the object manually, or give the hook another name',
  ]);
});

describe('an immutable field that changes', () => {
  test('is refused', async () => {
    const world = new PlanWorld();
    await world.deploy(job('v1'));
    expect((await world.plan(job('v2'))).refusals).toMatchObject([{ field: 'spec.template' }]);
  });

  test.each([
    ['the application', { recreate: true }, {}],
    ['the object', {}, { 'driftless.dev/recreate': 'true' }],
  ])('makes the object anew where %s says so', async (_who, sync, annotations) => {
    const world = new PlanWorld(sync);
    await world.deploy(job('v1'));
    const before = world.cluster.find('Job/store/migrate').metadata.uid;
    const plan = await world.plan(job('v2', annotations));
    expect(plan.objects).toMatchObject([{ action: 'recreated', live: { uid: before } }]);
    await world.apply(plan);
    const after = world.cluster.find('Job/store/migrate');
    expect(after.spec).toEqual({ template: { image: 'v2' } });
    expect(after.metadata.uid).not.toBe(before);
  });
});

describe('an object that needs another object of the same commit', () => {
  test('is planned after it', async () => {
    const world = new PlanWorld({}, 'elsewhere');
    const plan = await world.plan(gadget, configMap('a'), gadgets, namespace);
    expect(plan.refusals).toEqual([]);
    expect(plan.objects.map(({ id, deferred }) => [id.kind, deferred])).toEqual([
      ['Namespace', undefined],
      ['CustomResourceDefinition', undefined],
      ['ConfigMap', 'Namespace/store'],
      ['Gadget', 'CustomResourceDefinition/gadgets.example.com'],
    ]);
  });

  test('is refused where that object is not created', async () => {
    const world = new PlanWorld({}, 'elsewhere');
    const { refusals } = await world.plan(configMap('a'), gadget);
    expect(refusals.map(({ message }) => message)).toEqual([
      'the cluster does not serve Gadget in example.com/v1; install its CRD first, or correct apiVersion and kind',
      'namespace "store" does not exist; create it, add its Namespace to Git, or set sync.createNamespace: true',
    ]);
  });

  test('is planned after the Namespace that createNamespace creates, which is in no inventory', async () => {
    const world = new PlanWorld({ createNamespace: true }, 'elsewhere');
    await world.deploy(configMap('a'));
    expect(world.cluster.find('Namespace/store').metadata.labels).toBeUndefined();
    expect(world.inventory.map(({ kind }) => kind)).toEqual(['ConfigMap']);
    expect(actionsOf(await world.plan(configMap('a')))).toEqual(['unchanged ConfigMap/store/a']);
  });

  test.each([
    ['it exists', 'store', [configMap('a')]],
    ['Git brings it', 'elsewhere', [configMap('a'), namespace]],
  ])('no Namespace is made by createNamespace where %s', async (_what, existing, objects) => {
    const world = new PlanWorld({ createNamespace: true }, existing);
    const namespaces = (await world.plan(...objects)).objects.filter(({ id }) => id.kind === 'Namespace');
    expect(namespaces.map(({ source }) => source)).not.toContain('sync.createNamespace');
  });
});

test('all refusals are reported at once, of the server, of the rendering and of the guards', async () => {
  const world = new PlanWorld();
  await world.deploy(...Array.from({ length: 12 }, (_, n) => configMap(`c${n}`)));
  const denied: ApplyResult = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] };
  world.cluster.refuse('Widget/store/v', denied);
  world.cluster.refuse('Widget/store/w', { ...denied, causes: [{ field: 'spec.value', message: 'is wrong' }] });
  const { refusals } = await world.plan(widget('v'), widget('w'), widget('w'), gadget);
  expect(refusals.map(({ field, message }) => `${field ?? ''} ${message}`.trim())).toEqual([
    'Widget/store/w of example.com is already defined in all.yaml:2; remove one of the two',
    'the cluster does not serve Gadget in example.com/v1; install its CRD first, or correct apiVersion and kind',
    'denied',
    'spec.value is wrong',
    '12 of 12 objects would be deleted, more than 50 %; raise sync.maxPrunePercent if that is intended',
  ]);
});

describe('an object that Git does not have any more', () => {
  test('is deleted', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), configMap('b'));
    expect(actionsOf(await world.plan(configMap('a')))).toEqual([
      'unchanged ConfigMap/store/a',
      'deleted ConfigMap/store/b',
    ]);
    expect(world.cluster.requests).toEqual(['LIST ConfigMap']);
  });

  test('is looked up by name where its label is gone, and stays', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), configMap('b'));
    world.cluster.edit('ConfigMap/store/b', (live) => ({ ...live, metadata: { ...live.metadata, labels: {} } }));
    expect(actionsOf(await world.plan(configMap('a')))).toContain('skipped ConfigMap/store/b');
    expect(world.cluster.requests).toEqual(['LIST ConfigMap', 'GET ConfigMap/store/b']);
  });

  test('is forgotten where it is gone, or its kind is not served any more', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'), configMap('b'));
    world.cluster.edit('ConfigMap/store/b', () => undefined);
    world.inventory = [...world.inventory, { group: 'old.dev', kind: 'Thing', name: 't', apiVersion: 'old.dev/v1' }];
    expect(actionsOf(await world.plan(configMap('a')))).toEqual([
      'unchanged ConfigMap/store/a',
      'forgotten ConfigMap/store/b',
      'forgotten Thing/t',
    ]);
  });

  test('is never taken for gone because a read failed', async () => {
    const world = new PlanWorld();
    await world.deploy(configMap('a'));
    world.cluster.before = (request) => {
      if (request.startsWith('LIST')) throw new Error('forbidden');
    };
    await expect(world.plan(widget('w'))).rejects.toThrow('forbidden');
  });
});

const anObject = fc
  .record({
    kind: fc.constantFrom('ConfigMap', 'Widget'),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    value: fc.constantFrom('1', '2'),
  })
  .map(({ kind, name, value }) => (kind === 'Widget' ? widget(name, value) : configMap(name, value)));
const objects = fc.uniqueArray(anObject, {
  minLength: 1,
  selector: ({ kind, metadata }) => `${kind}/${metadata.name}`,
});

test('whatever was there: after a deployment nothing is left to do, and nothing is deleted that Git has', async () => {
  await fc.assert(
    fc.asyncProperty(objects, objects, async (before, after) => {
      const world = new PlanWorld();
      await world.deploy(...before);
      const plan = await world.plan(...after);
      const wanted = new Set(after.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
      const doomed = plan.removals.map(({ entry }) => `${entry.kind} ${entry.name}`);
      expect(doomed.filter((name) => wanted.has(name))).toEqual([]);
      expect(doomed.length).toBe(before.filter(({ kind, metadata }) => !wanted.has(`${kind} ${metadata.name}`)).length);
      await world.apply(plan);
      expect(new Set((await world.plan(...after)).objects.map(({ action }) => action))).toEqual(new Set(['unchanged']));
    }),
    { numRuns: 50 },
  );
});

test('the order of the manifests does not matter', async () => {
  await fc.assert(
    fc.asyncProperty(objects, fc.infiniteStream(fc.nat()), async (some, numbers) => {
      const shuffled = some.map((object) => ({ object, at: numbers.next().value })).toSorted((a, b) => a.at - b.at);
      const world = new PlanWorld();
      const one = actionsOf(await world.plan(...some));
      expect(actionsOf(await world.plan(...shuffled.map(({ object }) => object)))).toEqual(one);
    }),
    { numRuns: 50 },
  );
});
