// Ignored fields stay with their owners, in every write.
import type { IgnoreRule } from '../../../../lib/model/application.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../../../lib/model/kube-object.ts';
import { actionsOf, PlanWorld } from './plan-world.ts';

const WEB = 'Deployment/store/web';
const web = (image: string, replicas = 1): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, image },
});
const secret = (text: object): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...text });
const autoscaler: KubeObject = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
};
const REPLICAS: IgnoreRule = { kind: 'Deployment', fields: ['spec.replicas'] };

type Scaling = { readonly manager?: string; readonly subresource?: string };

/** Changes the number of replicas, and owns it from then on, as an update does. */
function scale(world: PlanWorld, replicas: number, { manager = 'kube-controller-manager', subresource }: Scaling = {}) {
  const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
  const entry = { manager, operation: 'Update', fieldsV1, ...(subresource !== undefined && { subresource }) };
  world.cluster.edit(WEB, ({ metadata, spec, ...live }) => {
    const managedFields = [...(metadata.managedFields ?? []).map(withoutReplicas), entry];
    return { ...live, metadata: { ...metadata, managedFields }, spec: { ...Object(spec), replicas } };
  });
}

const byAutoscaler: Scaling = { subresource: 'scale' };

function withoutReplicas(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  const fields = Object.entries(entry.fieldsV1 ?? {}).map(([field, below]) => {
    const { 'f:replicas': _, ...others } = Object(below);
    return [field, others] as const;
  });
  return { ...entry, fieldsV1: Object.fromEntries(fields.filter(([, below]) => Object.keys(below).length > 0)) };
}

function dryRuns(world: PlanWorld): number {
  return world.cluster.requests.filter((request) => request === `DRY-RUN ${WEB}`).length;
}

async function deployed(sync: { force?: boolean } = {}, ...beside: readonly KubeObject[]): Promise<PlanWorld> {
  const world = new PlanWorld(sync);
  await world.deploy(web('v1'), ...beside);
  return world;
}

describe.each([
  ['without force', {}],
  ['with force', { force: true }],
])('replicas that an autoscaler has set, %s', (_how, sync) => {
  test('stay when something else is written, and the hash that is remembered is Git’s', async () => {
    const world = await deployed(sync);
    scale(world, 3, byAutoscaler);
    const plan = await world.plan(web('v2'));
    expect(plan).toMatchObject({
      objects: [{ action: 'configured', fields: [{ path: 'spec.image' }], note: 'leaves spec.replicas to others' }],
      refusals: [],
    });
    expect(dryRuns(world)).toBe(2);
    expect((await world.apply(plan)).refusals).toEqual([]);
    expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v2' });

    expect(actionsOf(await world.plan(web('v2')))).toEqual([`unchanged ${WEB}`]);
    expect(world.cluster.requests).toEqual(['LIST Deployment']);
  });

  test('change nothing where nothing else has changed', async () => {
    const world = await deployed(sync);
    scale(world, 3, byAutoscaler);
    const plan = await world.plan(web('v1'));
    expect(plan).toMatchObject({ objects: [{ action: 'unchanged', fields: [] }], refusals: [] });
    await world.apply(plan);
    expect(world.cluster.requests).toEqual([]);
    await world.plan(web('v1'));
    expect(world.cluster.requests).toEqual(['LIST Deployment']);
  });

  test('are not owned by two where they happen to be as in Git', async () => {
    const world = await deployed(sync);
    scale(world, 3, byAutoscaler);
    scale(world, 1, byAutoscaler);
    expect(actionsOf(await world.plan(web('v1')))).toEqual([`unchanged ${WEB}`]);
  });
});

test('the replicas that an autoscaler in Git sets are ignored whichever manager owns them, also in the commit that adds the autoscaler', async () => {
  const world = await deployed();
  scale(world, 3, { manager: 'other' });
  expect((await world.plan(web('v1'))).refusals).toHaveLength(1);
  const plan = await world.plan(web('v1'), autoscaler);
  expect(plan.refusals).toEqual([]);
  expect(actionsOf(plan)).toEqual([`unchanged ${WEB}`, 'created HorizontalPodAutoscaler/store/web']);
});

test.each<[string, readonly IgnoreRule[]]>([
  ['a field', [REPLICAS]],
  ['a manager', [{ managers: ['oth*'] }]],
  ['a field of a manager', [{ fields: ['spec.replicas'], managers: ['other'] }]],
])('a rule for %s leaves the field to its owner', async (_what, rules) => {
  const world = await deployed();
  world.rules = rules;
  scale(world, 3, { manager: 'other' });
  await world.deploy(web('v2'));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v2' });
});

test('of several fields that others own, only those that no rule ignores are refused', async () => {
  const world = await deployed();
  scale(world, 3, byAutoscaler);
  world.cluster.put({ ...web('theirs', 3), metadata: { name: 'web', namespace: 'store' } }, 'other');
  scale(world, 4, byAutoscaler);
  const { refusals } = await world.plan(web('v2'));
  expect(refusals.map(({ field }) => field)).toEqual(['.spec.image']);
});

test('a person’s field that no rule ignores is overwritten beside one that is left unmanaged', async () => {
  const world = await deployed();
  world.cluster.put({ ...web('by hand', 1), metadata: { name: 'web', namespace: 'store' } }, 'kubectl-edit');
  scale(world, 3, byAutoscaler);
  await world.deploy(web('v2'));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v2' });
});

test('the replicas of a deleted autoscaler stay until a person scales manually; then they are Git’s again', async () => {
  const world = await deployed();
  scale(world, 3, byAutoscaler);
  await world.deploy(web('v1', 2));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v1' });
  scale(world, 4, { manager: 'kubectl', subresource: 'scale' });
  await world.deploy(web('v1', 2));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 2, image: 'v1' });
});

test('P9: an ignored field stays as it is live, also one that is ours alone, whatever Git says', async () => {
  const world = await deployed();
  world.rules = [REPLICAS];
  await world.deploy(web('v2', 2));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 1, image: 'v2' });
  await world.deploy(web('v3'));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 1, image: 'v3' });
  world.rules = [];
  await world.deploy(web('v3', 2));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 2, image: 'v3' });
});

test('P9: a rule that ignores the data of a Secret keeps what a chart has drawn first', async () => {
  const world = new PlanWorld();
  world.rules = [{ kind: 'Secret', name: 's', fields: ['data'] }];
  await world.deploy(secret({ data: { password: 'Zmlyc3Q=' } }));
  const plan = await world.plan(secret({ data: { password: 'c2Vjb25k', more: 'bW9yZQ==' } }));
  expect(plan.objects).toMatchObject([{ action: 'unchanged', fields: [] }]);
  await world.deploy({ ...secret({ data: { password: 'c2Vjb25k' } }), type: 'Opaque' });
  expect(world.cluster.find('Secret/store/s')).toMatchObject({ data: { password: 'Zmlyc3Q=' }, type: 'Opaque' });
});

test('an ignored field of a former tool stays as it is live, and is taken over', async () => {
  const world = new PlanWorld();
  world.rules = [REPLICAS];
  world.cluster.put({ ...web('v1', 3), metadata: { name: 'web', namespace: 'store' } }, 'kubectl');
  await world.deploy(web('v1'));
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v1' });
});

test('a recreated object is created as a whole', async () => {
  const world = await deployed({ force: true });
  scale(world, 3, byAutoscaler);
  world.cluster.edit(WEB, (live) => ({
    ...live,
    metadata: { ...live.metadata, finalizers: ['a/b'], deletionTimestamp: '2026-01-01T00:00:00Z' },
  }));
  const [object] = (await world.plan(web('v2', 5))).objects;
  expect(object).toMatchObject({ action: 'recreated', object: { spec: { replicas: 5 } } });
  expect(object?.left).toBeUndefined();
});

test('an autoscaler that begins between plan and write is left alone, too', async () => {
  const world = await deployed();
  const plan = await world.plan(web('v2'));
  scale(world, 3, byAutoscaler);
  expect((await world.apply(plan)).refusals).toEqual([]);
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v2' });
});

test('between plan and write, a conflict over a field that no rule ignores is still refused', async () => {
  const world = await deployed();
  const plan = await world.plan(web('v2', 2));
  scale(world, 3, { manager: 'other' });
  expect((await world.apply(plan)).refusals).toMatchObject([{ field: '.spec.replicas' }]);
  expect(world.cluster.find(WEB).spec).toEqual({ replicas: 3, image: 'v1' });
});

test('rotated data of a Secret is left alone, also where Git has it as text', async () => {
  const world = new PlanWorld();
  world.rules = [{ kind: 'Secret', fields: ['data.password'] }];
  await world.deploy(secret({ stringData: { password: 'first', user: 'a' } }));
  world.cluster.put(
    { ...secret({ data: { password: 'cm90' } }), metadata: { name: 's', namespace: 'store' } },
    'vault',
  );
  const plan = await world.plan(secret({ stringData: { password: 'first', user: 'b' } }));
  expect(plan.refusals).toEqual([]);
  await world.apply(plan);
  expect(world.cluster.find('Secret/store/s').data).toEqual({ password: 'cm90', user: 'Yg==' });
  expect(world.cluster.find('Secret/store/s')['stringData']).toBeUndefined();
});
