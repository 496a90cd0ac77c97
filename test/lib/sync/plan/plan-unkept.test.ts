// Kinds that the API server answers and does not keep cannot be deployed: each object is a refusal like any other.
import { formatRefusal } from '../../../../lib/diff/format.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { configMap, widget } from '../rig.ts';
import { PlanWorld } from './plan-world.ts';

const object = (apiVersion: string, kind: string, annotations?: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...(annotations && { annotations }) },
  spec: { token: 'secret' },
});

test.each([
  ['authentication.k8s.io/v1', 'TokenReview', 'TokenReview/x'],
  ['authorization.k8s.io/v1', 'SubjectAccessReview', 'SubjectAccessReview/x'],
  ['authorization.k8s.io/v1', 'LocalSubjectAccessReview', 'LocalSubjectAccessReview/store/x'],
  ['v1', 'Binding', 'Binding/store/x'],
])('R8: %s %s is one refusal with object and file, and the rest is planned', async (apiVersion, kind, ref) => {
  const world = new PlanWorld();
  const { refusals, objects } = await world.plan(configMap('a'), object(apiVersion, kind));
  expect(refusals.map(formatRefusal)).toEqual([
    `${ref}: the API server answers a ${kind} and keeps none, so it cannot be deployed; remove it from Git (all.yaml:2)`,
  ]);
  expect(objects).toMatchObject([{ action: 'created', id: { kind: 'ConfigMap' } }]);
});

test('R8: a hook of such a kind is refused too', async () => {
  const world = new PlanWorld();
  const hook = object('authentication.k8s.io/v1', 'TokenReview', { 'argocd.argoproj.io/hook': 'PreSync' });
  expect((await world.plan(hook)).refusals).toMatchObject([{ id: { kind: 'TokenReview' }, source: 'all.yaml:1' }]);
});

test('R8: such a kind that is only found by asking for its list is refused with the others, all at once', async () => {
  const world = new PlanWorld();
  world.cluster.unlistable.add('Widget');
  world.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'no', causes: [] });
  const { refusals } = await world.plan(configMap('a'), widget('w'), object('v1', 'Binding'));
  expect(refusals.map(({ id }) => id.kind)).toEqual(['Widget', 'Binding', 'ConfigMap']);
});

test('R8: what was recorded of a kind that is no longer kept is forgotten', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), widget('w'));
  world.cluster.unlistable.add('Widget');
  const { refusals, removals } = await world.plan(configMap('a'));
  expect(refusals).toEqual([]);
  expect(removals).toMatchObject([{ action: 'forgotten', entry: { kind: 'Widget' } }]);
});
