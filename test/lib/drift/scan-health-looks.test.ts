// At what scans look to tell the health, and what they cannot tell.
import { DriftlessError } from '../../../lib/errors.ts';
import { statusOf, widget } from '../sync/rig.ts';
import { configMap, inStore, withDriftRig } from './drift-rig.ts';
import { CRASH, health, pods, web, withWidgets } from './health-rig.ts';

const rigs = withDriftRig();

test('an object whose health is ignored, and a hook, are left out', async () => {
  const rig = withWidgets(await rigs.open());
  await rig.deploy(
    widget('w', 'Ready', { 'driftless.dev/ignore-health': 'true' }),
    widget('hook', 'Ready', { 'argocd.argoproj.io/hook': 'PostSync' }),
  );
  rig.cluster.put(inStore(widget('w', 'Stalled')));
  rig.cluster.put(inStore(widget('hook', 'Stalled')));
  await rig.scan();
  expect(await health(rig)).toBeUndefined();
});

test('a cluster that cannot be reached makes the health Unknown since then and why, and what was known stays told', async () => {
  const rig = await rigs.open();
  await rig.deploy(web());
  pods(rig, 0, CRASH);
  await rig.scan();
  const before = await health(rig);
  await rig.clock.advance(60_000);
  rig.cluster.before = () => {
    throw new DriftlessError('ApiServerUnreachable', 'API server https://x: away');
  };
  await rig.scan();
  const since = new Date(rig.clock.now()).toISOString();
  await rig.clock.advance(60_000);
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Unknown', message: 'API server https://x: away', since });
  rig.cluster.before = () => undefined;
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Degraded', since: before?.since });
  expect(rig.told.map(({ kind }) => kind)).toEqual(['health.degraded', 'cluster.unreachable', 'cluster.reachable']);
});

test('an object that cannot be read is Unknown with the reason, and is looked at again', async () => {
  const rig = withWidgets(await rigs.open());
  await rig.deploy(widget('w', 'Ready'), configMap('a'));
  rig.cluster.edit('Widget/store/w', (live) => ({ ...live, status: { ...statusOf('Stalled', live), of: 'Ready' } }));
  rig.cluster.before = (request) => {
    if (request === 'GET Widget/store/w') throw new DriftlessError('ClusterAccessDenied', 'Widget: may not get');
  };
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Unknown', message: 'Widget/store/w: Widget: may not get' });
  rig.cluster.before = () => undefined;
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Degraded' });
});

test('the end of a later operation is newer than the look, and people are not told twice', async () => {
  const rig = await rigs.open();
  await rig.deploy(web());
  pods(rig, 0, CRASH);
  await rig.scan();
  expect(await rig.deploy(web(), configMap('a'))).toMatchObject({ status: 'degraded', health: { status: 'Degraded' } });
  pods(rig, 1);
  expect(await rig.deploy(web(), configMap('a', '2'))).toMatchObject({
    status: 'synced',
    health: { status: 'Healthy' },
  });
  expect((await rig.state.application('shop'))?.health).toMatchObject({ status: 'Healthy', seq: 3 });
  await rig.scan();
  // The scan had told that it was Degraded, so it tells that it is not any more.
  expect(rig.told.map(({ kind }) => kind)).toEqual(['health.degraded', 'health.recovered']);
});

test('of the objects that an operation has left as they were applied, those of one that did not end Healthy are looked at', async () => {
  const rig = withWidgets(await rigs.open({ timeoutSeconds: 30 }));
  expect(await rig.deploy(widget('w', 'Reconciling'), widget('v', 'Ready'))).toMatchObject({ status: 'degraded' });
  expect(await rig.requestsOfScan()).toEqual(['LIST Widget', 'GET Widget/store/v', 'GET Widget/store/w']);
  expect((await health(rig))?.objects).toMatchObject([{ id: { name: 'w' }, status: 'Progressing' }]);
  expect(await rig.requestsOfScan()).toEqual(['LIST Widget', 'GET Widget/store/w']);
});

test('a scan of hundreds of objects of which none has moved needs no request beyond its lists, and one in which a hundred statuses moved ten at most', async () => {
  const rig = withWidgets(await rigs.open());
  const names = Array.from({ length: 200 }, (_, n) => `w-${n}`);
  await rig.deploy(...names.map((name) => widget(name, 'Ready')), web());
  expect(await rig.requestsOfScan()).toEqual(['LIST Deployment', 'LIST Widget']);
  for (const name of names.slice(0, 100))
    rig.cluster.edit(`Widget/store/${name}`, (live) => ({
      ...live,
      status: { ...statusOf('Stalled', live, 'out of quota'), of: 'Ready' },
    }));
  pods(rig, 0, CRASH);
  expect(await rig.requestsOfScan()).toEqual([
    'LIST Deployment',
    'LIST Widget',
    'GET Deployment/store/web',
    'LIST Widget',
    'LIST ReplicaSet',
    'LIST Pod',
  ]);
  expect(await health(rig)).toMatchObject({ status: 'Degraded', count: 101 });
});

test('a rule of the configuration judges what scans see, also of kinds that have no health of their own, and another rule judges anew', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  const judgeBy = (cel: string): void => {
    const health = [{ group: '', kind: 'ConfigMap', cel }];
    rig.projects.clusters = [{ name: 'prod', health }];
  };
  judgeBy("{'status': object.metadata.name == 'a' ? 'Degraded' : 'Healthy', 'message': 'so it is'}");
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Degraded', message: 'ConfigMap/store/a: so it is', count: 1 });
  expect(await rig.requestsOfScan()).toEqual(['LIST ConfigMap', 'GET ConfigMap/store/a']);
  judgeBy("{'status': object.metadata.name == 'b' ? 'Progressing' : 'Healthy'}");
  await rig.scan();
  expect((await health(rig))?.objects).toMatchObject([{ id: { name: 'b' }, status: 'Progressing' }]);
});

test('what others annotate a live object with does not leave it out of the health', async () => {
  const rig = withWidgets(await rigs.open());
  await rig.deploy(widget('w', 'Ready'), widget('x', 'Ready'));
  rig.cluster.put(inStore(widget('w', 'Stalled', { 'driftless.dev/ignore-health': 'true' })));
  rig.cluster.put(inStore(widget('x', 'Stalled', { 'argocd.argoproj.io/hook': 'PostSync' })));
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Degraded', count: 2 });
});

test('an object of another namespace that carries the label of the application is none of its drift', async () => {
  const rig = await rigs.open();
  await rig.deploy(web());
  const labels = rig.cluster.find('Deployment/store/web').metadata.labels ?? {};
  for (const namespace of ['store', 'elsewhere'])
    rig.cluster.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stray', namespace, labels } });
  await rig.deploy(web(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } });
  await rig.scan();
  expect(await rig.drifted()).toEqual(['ConfigMap/store/stray extra']);
});
