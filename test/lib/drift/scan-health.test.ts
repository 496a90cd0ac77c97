// The health that scans see, on what the pipeline has deployed.
import { DriftlessError } from '../../../lib/errors.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { ObservedHealth } from '../../../lib/model/observed-health.ts';
import { statusOf, widget } from '../sync/rig.ts';
import { available, configMap, type DriftRig, deployment, inStore, withDriftRig } from './drift-rig.ts';

const rigs = withDriftRig();

const WEB = 'Deployment/store/web';

async function health(rig: DriftRig): Promise<ObservedHealth | undefined> {
  return (await rig.record())?.health;
}

/** The pods of the Deployment `web`, of which `count` are available; each of the others has this container status. */
function pods(rig: DriftRig, count: number, waiting?: { readonly reason: string; readonly message: string }): void {
  const live = rig.cluster.find(WEB);
  rig.cluster.edit(WEB, () => ({ ...live, status: available(live, count) }));
  const owned = (uid: string | undefined, name: string, kind: string) => ({
    name,
    namespace: 'store',
    labels: { app: 'web' },
    ownerReferences: [{ uid: uid ?? '', kind: kind, name: 'x', apiVersion: 'apps/v1', controller: true }],
  });
  rig.cluster.put({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...owned(live.metadata.uid, 'web-1', 'Deployment') },
    spec: {},
  });
  const { uid } = rig.cluster.find('ReplicaSet/store/web-1').metadata;
  const containerStatuses = [
    { name: 'api', ready: waiting === undefined, restartCount: 5, state: waiting ? { waiting } : { running: {} } },
  ];
  rig.cluster.put({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: owned(uid, 'web-1-a', 'ReplicaSet'),
    spec: { nodeName: 'node' },
  });
  const conditions = [{ type: 'Ready', status: waiting ? 'False' : 'True' }];
  const status = { phase: 'Running', conditions, containerStatuses };
  rig.cluster.edit('Pod/store/web-1-a', (pod) => ({ ...pod, status }));
}

function web(): KubeObject {
  return { ...deployment('web'), spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } } };
}

const CRASH = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' };

test('S1: pods that crash after the deployment make the application Degraded in the words of the pod, and their recovery Healthy, each told once', async () => {
  const rig = await rigs.open();
  await rig.deploy(web(), configMap('a'));
  await rig.scan();
  expect(await health(rig)).toBeUndefined();

  pods(rig, 0, CRASH);
  await rig.clock.advance(30_000);
  const since = new Date(rig.clock.now()).toISOString();
  await rig.scan();
  const message = expect.stringMatching(/^Deployment\/store\/web: Pod web-1-a: container api: CrashLoopBackOff/);
  expect(await health(rig)).toMatchObject({ status: 'Degraded', message, since, at: since, count: 1 });
  expect((await health(rig))?.objects).toMatchObject([{ id: { name: 'web' }, status: 'Degraded', since }]);

  await rig.clock.advance(30_000);
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Degraded', since });

  pods(rig, 1);
  await rig.clock.advance(30_000);
  await rig.scan();
  await rig.scan();
  const recovered = new Date(rig.clock.now()).toISOString();
  expect(await health(rig)).toMatchObject({ status: 'Healthy', message: '', since: recovered, objects: [], count: 0 });
  expect(rig.told.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
    expect.stringMatching(
      /^health\.degraded shop: Degraded: Deployment\/store\/web: Pod web-1-a: container api: CrashLoopBackOff/,
    ),
    'health.recovered shop: Healthy again',
  ]);
});

test('S1: a rollout that is ready only after the time-out of its operation gets Healthy without another one', async () => {
  const rig = await rigs.open({ timeoutSeconds: 30 });
  rig.cluster.controller = (object) =>
    object.kind === 'Deployment' ? (object.status ?? available(object, 0)) : object.status;
  expect(await rig.deploy(web())).toMatchObject({ status: 'degraded', health: { status: 'Progressing' } });
  const ended = (await rig.operation(1))?.endedAt;
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Progressing', since: ended });

  pods(rig, 1);
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Healthy' });
  // The end of the operation has told people already.
  expect(rig.told.map(({ kind }) => kind)).toEqual(['health.recovered']);
});

test('S1: a deleted object is Missing, and the application as soon as none is left; put back, it is Healthy', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.handle({ mode: 'report' });
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Healthy', objects: [{ id: { name: 'a' }, status: 'Missing' }] });
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  await rig.scan();
  expect(await health(rig)).toMatchObject({
    status: 'Missing',
    message: 'none of the 2 objects exists in the cluster',
  });
  rig.cluster.put(labelled(configMap('a')));
  rig.cluster.put(labelled(configMap('b')));
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Healthy', objects: [] });
  expect(rig.told.map(({ kind }) => kind).filter((kind) => kind.startsWith('health'))).toEqual([
    'health.degraded',
    'health.recovered',
  ]);
});

test('what lost its label is looked up, and is not missing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.handle({ mode: 'report' });
  rig.cluster.edit('ConfigMap/store/a', ({ metadata: { labels: _, ...metadata }, ...rest }) => ({ ...rest, metadata }));
  await rig.scan();
  expect(await health(rig)).toBeUndefined();
});

test('a rollout between crash and recovery is neither; one that was never Degraded is not told', async () => {
  const rig = await rigs.open();
  await rig.deploy(web());
  pods(rig, 0);
  await rig.scan();
  expect(await health(rig)).toMatchObject({ status: 'Progressing' });
  pods(rig, 1);
  await rig.scan();
  expect(rig.told).toEqual([]);
  pods(rig, 0, CRASH);
  await rig.scan();
  pods(rig, 0);
  await rig.scan();
  pods(rig, 0, CRASH);
  await rig.scan();
  pods(rig, 1);
  await rig.scan();
  expect(rig.told.map(({ kind }) => kind)).toEqual(['health.degraded', 'health.recovered']);
});

test('an application whose drift is not looked for has its health looked at all the same, without a dry-run', async () => {
  const rig = await rigs.open();
  await rig.deploy(web(), configMap('a'));
  await rig.handle({ mode: 'off' });
  await rig.scan();
  pods(rig, 0, CRASH);
  rig.cluster.put(inStore(configMap('a', '2')));
  expect((await rig.requestsOfScan()).filter((line) => line.startsWith('DRY-RUN'))).toEqual([]);
  expect(await rig.record()).toMatchObject({ status: 'InSync', count: 0, health: { status: 'Degraded' } });
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  await rig.scan();
  expect((await health(rig))?.objects.map(({ status }) => status)).toEqual(['Degraded', 'Missing']);
  expect(await rig.requestsOfScan()).not.toContain('GET ConfigMap/store/a');
  expect(rig.told.map(({ kind }) => kind)).toEqual(['health.degraded']);
});

test('an object whose health is ignored, and a hook, are left out', async () => {
  const rig = await open();
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
  const rig = await open();
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
  const rig = await open({ timeoutSeconds: 30 });
  expect(await rig.deploy(widget('w', 'Reconciling'), widget('v', 'Ready'))).toMatchObject({ status: 'degraded' });
  expect(await rig.requestsOfScan()).toEqual(['LIST Widget', 'GET Widget/store/v', 'GET Widget/store/w']);
  expect((await health(rig))?.objects).toMatchObject([{ id: { name: 'w' }, status: 'Progressing' }]);
  expect(await rig.requestsOfScan()).toEqual(['LIST Widget', 'GET Widget/store/w']);
});

test('a scan of hundreds of objects of which none has moved needs no request beyond its lists, and one in which a hundred statuses moved ten at most', async () => {
  const rig = await open();
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

/** The controller reports what each widget's value says. */
async function open(sync = {}): Promise<DriftRig> {
  const rig = await rigs.open(sync);
  const { controller } = rig;
  rig.cluster.controller = (object) => {
    const { value } = { value: '', ...(object.spec as object) };
    const isNew = object.status === undefined || (object.status as { of?: string }).of !== value;
    if (isNew && (value === 'Ready' || value === 'Stalled' || value === 'Reconciling'))
      return { ...statusOf(value, object, `it is ${value}`), of: value };
    return controller(object);
  };
  return rig;
}

function labelled(object: KubeObject): KubeObject {
  const labels = { 'driftless.dev/app': 'shop', 'driftless.dev/deployer': 'test' };
  return inStore({ ...object, metadata: { ...object.metadata, labels } });
}
