// D9: another cluster in the destination of an application is a move: it is deployed there and healthy, then pruned where it was.
import { DriftlessError } from '../../../lib/errors.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import { formatRef, type KubeObject } from '../../../lib/model/kube-object.ts';
import { deployed, left, move, ours, sync, W, waiting, X } from './move-rig.ts';
import { configMap, statusOf, unreachable, widget } from './rig.ts';

test('D9: it is deployed in the new cluster, then pruned in the former one', async () => {
  const { rig, a, b } = await deployed(configMap('x'), configMap('z'));
  await move(rig, 'b');
  expect(await left(rig)).toEqual([['a', X, 'ConfigMap/store/z']]);
  expect(await sync(rig)).toBe('synced: 2 created, cluster "a", the destination before: 2 pruned');
  expect([ours(a), ours(b)]).toEqual([[], [X, 'ConfigMap/store/z']]);
  expect([await left(rig), await waiting(rig)]).toEqual([undefined, []]);
  expect((await rig.state.inventory('shop')).map(formatRef)).toEqual([X, 'ConfigMap/store/z']);
  expect((await rig.state.application('shop'))?.place).toEqual({ cluster: 'b', uid: 'b', namespace: 'store' });
});

test('D9: nothing is pruned before it is healthy there', async () => {
  const { rig, a, b } = await deployed(configMap('x'), widget('w'));
  b.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object) : undefined);
  await move(rig, 'b');
  expect(await sync(rig)).toMatch(/^degraded/);
  expect([ours(a), await waiting(rig)]).toEqual([[X, W], ['move']]);
  b.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  b.edit(W, (object) => ({ ...object, status: statusOf('Ready', object) }));
  expect(await sync(rig)).toBe('unchanged: 2 unchanged, cluster "a", the destination before: 2 pruned');
  expect(ours(a)).toEqual([]);
});

test('D9: a former cluster that cannot be reached fails nothing; what is left is listed, and pruned later', async () => {
  const { rig, a, b } = await deployed(configMap('x'));
  await move(rig, 'b');
  rig.named = (name) => {
    if (name === 'a') throw new DriftlessError('ClusterNotConfigured', 'Cluster/a: is not declared');
    return b;
  };
  const named = `cluster "a", the destination before: 1 left (${X}: Cluster/a: is not declared)`;
  expect(await sync(rig)).toBe(`synced: 1 created, ${named}`);
  expect([await left(rig), await waiting(rig), ours(a)]).toEqual([[['a', X]], ['move'], [X]]);
  expect(await sync(rig)).toBe(`unchanged: 1 unchanged, ${named}`);
  rig.named = (name) => (name === 'b' ? b : a);
  a.before = () => {
    throw unreachable();
  };
  expect(await sync(rig)).toContain(`1 left (${X}: the API server does not answer)`);
  a.before = () => undefined;
  expect(await sync(rig)).toBe('unchanged: 1 unchanged, cluster "a", the destination before: 1 pruned');
  expect([await left(rig), await waiting(rig), ours(a)]).toEqual([undefined, [], []]);
});

test('D9: the usual guards keep objects, each with its reason', async () => {
  const { rig, a, b } = await deployed(
    configMap('x'),
    configMap('kept', '1', { 'driftless.dev/prune': 'false' }),
    configMap('other'),
    configMap('replaced'),
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
  );
  const label = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, 'driftless.dev/app': 'another' } },
  });
  a.edit('ConfigMap/store/other', label);
  a.edit('ConfigMap/store/replaced', () => undefined);
  a.put({ ...configMap('replaced'), metadata: { name: 'replaced', namespace: 'store' } });
  b.controller = ({ kind }) => (kind === 'PersistentVolumeClaim' ? { phase: 'Bound' } : undefined);
  await move(rig, 'b');
  const message = await sync(rig);
  expect(message).toContain('3 pruned, 2 left');
  expect(message).toContain('PersistentVolumeClaim/store/data: a PersistentVolumeClaim is deleted only when');
  expect(message).toContain('ConfigMap/store/kept: its annotation driftless.dev/prune says false');
  const stays = ['ConfigMap/store/kept', 'ConfigMap/store/other', 'ConfigMap/store/replaced'];
  expect(ours(a)).toEqual([...stays, 'PersistentVolumeClaim/store/data']);
  expect(await waiting(rig)).toEqual([]);
  await move(rig, 'b', [{ pruneProtected: ['PersistentVolumeClaim'] }]);
  await sync(rig);
  expect(ours(a)).toEqual(stays);
});

test('D9: sync.prune: false keeps all of it, until it is on again', async () => {
  const { rig, a } = await deployed(configMap('x'));
  await move(rig, 'b', [{ prune: false }]);
  expect(await sync(rig)).toContain(`1 left (${X}: sync.prune is off)`);
  expect([ours(a), await waiting(rig)]).toEqual([[X], []]);
  await move(rig, 'b');
  await sync(rig);
  expect(ours(a)).toEqual([]);
});

test('D9: what the project does not permit in the former cluster stays there', async () => {
  const { rig, a } = await deployed(configMap('x'));
  const project: Project = { name: 'default', sourceRepos: ['**'], destinations: [{ cluster: 'b', namespace: '*' }] };
  rig.projects.projects = [project];
  await move(rig, 'b');
  expect(await sync(rig)).toMatch(/1 left \(ConfigMap\/store\/x: .*Project\/default/);
  expect([ours(a), a.requests.filter((request) => request.startsWith('GET ConfigMap'))]).toEqual([[X], []]);
});

test('D9: a finalizer is waited for, and its end is seen later', async () => {
  const { rig, a } = await deployed(configMap('x'));
  a.edit(X, (object) => ({ ...object, metadata: { ...object.metadata, finalizers: ['example.com/wait'] } }));
  await move(rig, 'b');
  expect(await sync(rig)).toContain(`1 left (${X}: is being deleted, held by example.com/wait)`);
  expect(await waiting(rig)).toEqual(['move']);
  a.edit(X, () => undefined);
  expect(await sync(rig)).toContain('1 pruned');
  expect(await left(rig)).toBeUndefined();
});

test('D9: a limit for deletions does not count a move', async () => {
  const names = Array.from({ length: 12 }, (_, i) => configMap(`c${i}`));
  const { rig, a } = await deployed(...names);
  await move(rig, 'b', [{ maxPrunePercent: 10 }]);
  await sync(rig);
  expect(ours(a)).toEqual([]);
});

test('D9: another namespace of the same cluster is no move', async () => {
  const { rig, a } = await deployed(configMap('x'));
  a.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  await move(rig, 'a', [{}, { destination: { cluster: 'a', namespace: 'other' } }]);
  expect(await sync(rig)).toBe('synced: 1 created, 1 deleted');
  expect([ours(a), await left(rig)]).toEqual([['ConfigMap/other/x'], undefined]);
});
