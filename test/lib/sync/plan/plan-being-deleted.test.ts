// Git has an object again that is still being deleted, or whose Namespace or CRD is, with all that is in it.
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { configMap } from '../rig.ts';
import { actionsOf, PlanWorld } from './plan-world.ts';

const DELETED = '2026-01-01T00:00:00Z';
const extra: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra' } };
const inside: KubeObject = { ...configMap('inside'), metadata: { name: 'inside', namespace: 'extra' } };

/** A world in which these were deployed, and one of them is held while it is deleted. */
async function worldLosing(ref: string, ...objects: readonly KubeObject[]): Promise<PlanWorld> {
  const world = new PlanWorld({}, 'store', 'extra');
  await world.deploy(...objects);
  lose(world, ref);
  return world;
}

function lose({ cluster }: PlanWorld, ref: string): void {
  cluster.edit(ref, (live) => ({ ...live, metadata: { ...live.metadata, deletionTimestamp: DELETED } }));
}

test('the object is recreated, though it is as Git defines it', async () => {
  const world = await worldLosing('ConfigMap/store/a', configMap('a'), configMap('b'));
  const plan = await world.plan(configMap('a'), configMap('b'));
  expect(actionsOf(plan)).toEqual(['recreated ConfigMap/store/a', 'unchanged ConfigMap/store/b']);
  expect(plan.objects[0]).toMatchObject({ note: 'is being deleted, and is created again' });
});

test('the Namespace is recreated, and then the objects in it, though it still exists', async () => {
  const world = await worldLosing('Namespace/extra', extra, inside, configMap('a'));
  const plan = await world.plan(extra, inside, configMap('a'));
  expect(actionsOf(plan)).toEqual([
    'recreated Namespace/extra',
    'created ConfigMap/extra/inside',
    'unchanged ConfigMap/store/a',
  ]);
  expect(plan.objects[1]).toMatchObject({ deferred: 'Namespace/extra' });
});

test('applying waits until the old object is gone, and does not delete it again', async () => {
  const world = await worldLosing('ConfigMap/store/a', configMap('a'));
  const applied = world.apply(await world.plan(configMap('a')));
  await world.clock.advance(500);
  expect(world.cluster.requests.filter((request) => /^(APPLY|DELETE) /.test(request))).toEqual([]);
  const { uid } = world.cluster.find('ConfigMap/store/a').metadata;
  world.cluster.edit('ConfigMap/store/a', () => undefined);
  await world.clock.advance(500);
  expect((await applied).applied).toHaveLength(1);
  expect(world.cluster.find('ConfigMap/store/a').metadata.uid).not.toBe(uid);
});
