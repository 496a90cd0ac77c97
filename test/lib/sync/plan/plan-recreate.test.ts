// D4: an immutable field of a protected kind changes.
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { PlanWorld } from './plan-world.ts';

const claim = (storageClassName: string, annotations: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', annotations },
  spec: { storageClassName },
});
const REF = 'PersistentVolumeClaim/store/data';

test('D4: sync.recreate alone does not recreate a volume claim; the refusal says what would be lost', async () => {
  const world = new PlanWorld({ recreate: true });
  await world.deploy(claim('standard'));
  const { refusals } = await world.plan(claim('fast'));
  expect(refusals).toMatchObject([
    {
      id: { name: 'data' },
      message:
        'field is immutable; recreating it would lose the data of its volume; where that is intended, set its annotation driftless.dev/recreate: "true", or name PersistentVolumeClaim in sync.pruneProtected',
    },
  ]);
});

test.each([
  ['the object itself', {}, { 'driftless.dev/recreate': 'true' }],
  ['sync.pruneProtected', { recreate: true, pruneProtected: ['PersistentVolumeClaim'] }, {}],
])('D4: it is recreated where %s says so', async (_who, sync, annotations) => {
  const world = new PlanWorld(sync);
  await world.deploy(claim('standard'));
  const before = world.cluster.find(REF).metadata.uid;
  await world.deploy(claim('fast', annotations));
  expect(world.cluster.find(REF).metadata.uid).not.toBe(before);
});

test.each([
  ['sync.pruneProtected without sync.recreate', { pruneProtected: ['PersistentVolumeClaim'] }, {}],
  [
    'settings, where the object itself declines',
    { recreate: true, pruneProtected: ['PersistentVolumeClaim'] },
    { 'driftless.dev/recreate': 'false' },
  ],
])('D4: it stays with %s', async (_what, sync, annotations) => {
  const world = new PlanWorld(sync);
  await world.deploy(claim('standard'));
  expect((await world.plan(claim('fast', annotations))).refusals).toMatchObject([
    {
      message:
        'field is immutable; deleting and creating it would lose the data of its volume; where that is intended, set its annotation driftless.dev/recreate: "true"',
    },
  ]);
});

test.each(['helm', 'kubectl-client-side-apply', 'a-person'])(
  'D4: a volume claim that %s made stays',
  async (manager) => {
    const world = new PlanWorld({ recreate: true, force: true });
    world.cluster.put({ ...claim('standard'), metadata: { name: 'data', namespace: 'store' } }, manager);
    expect((await world.plan(claim('fast'))).refusals).toMatchObject([
      { message: expect.stringContaining('the data of its volume') },
    ]);
  },
);

test.each([
  ['helm', 0],
  ['a-person', 1],
])(
  'D4: of other kinds, what %s made is recreated only where a tool of the take-over list made it',
  async (manager, refused) => {
    const job = (template: string): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { template },
    });
    const world = new PlanWorld({ recreate: true });
    world.cluster.put({ ...job('v1'), metadata: { name: 'once', namespace: 'store' } }, manager);
    expect((await world.plan(job('v2'))).refusals).toHaveLength(refused);
  },
);

test('D4: a volume claim that is being deleted is made again, and nothing is deleted for that', async () => {
  const world = new PlanWorld();
  await world.deploy(claim('standard'));
  world.cluster.edit(REF, (live) => ({
    ...live,
    metadata: { ...live.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
  }));
  const applied = world.apply(await world.plan(claim('standard')));
  await world.clock.advance(500);
  world.cluster.edit(REF, () => undefined);
  await world.clock.advance(500);
  expect((await applied).refusals).toEqual([]);
  expect(world.cluster.requests).not.toContain(`DELETE ${REF}`);
});

test('D4: a claim that came in the place of the planned one is not deleted', async () => {
  const world = new PlanWorld({ recreate: true, pruneProtected: ['PersistentVolumeClaim'] });
  await world.deploy(claim('standard'));
  const plan = await world.plan(claim('fast'));
  world.cluster.edit(REF, () => undefined);
  world.cluster.put({ ...claim('other'), metadata: { name: 'data', namespace: 'store' } }, 'a-person');
  const { uid } = world.cluster.find(REF).metadata;
  await world.apply(plan);
  expect(world.cluster.find(REF).metadata.uid).toBe(uid);
});
