// The health that scans see, on what the pipeline has deployed.
import { available, configMap, inStore, withDriftRig } from './drift-rig.ts';
import { CRASH, health, labelled, pods, web } from './health-rig.ts';

const rigs = withDriftRig();

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
  expect(rig.told.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
    'health.degraded shop: still Progressing after its operation: Deployment/store/web: 0 of 1 new pods are available',
    'health.recovered shop: Healthy again',
  ]);
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
