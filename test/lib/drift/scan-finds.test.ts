import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { available, configMap, deployment, inStore, withDriftRig } from './drift-rig.ts';

const rigs = withDriftRig();

test('what nobody has touched is in sync, and costs one list for each kind', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'), deployment('web'));
  expect(await rig.requestsOfScan()).toEqual(['LIST ConfigMap', 'LIST Deployment']);
  expect(await rig.record()).toBeUndefined();
  expect(rig.told).toEqual([]);
  expect(rig.metrics).toMatchObject([{ applicationsDrifted: 0, objectsDrifted: 0, clustersUnreachable: 0 }]);
});

test('a field that somebody else has set is named with both values and who did it', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  const scan = await rig.scan();
  expect(await rig.drifted()).toEqual(['ConfigMap/store/a modified: data.value: 2 → 1']);
  expect(await rig.record()).toMatchObject({
    status: 'Drifted',
    count: 1,
    objects: [{ by: [{ manager: 'kubectl-edit', operation: 'Apply' }], handling: 'correct' }],
  });
  expect(scan).toMatchObject({ status: 'scanned', applicationsDrifted: 1, objectsDrifted: 1, corrections: 1 });
});

test('an object that was deleted is missing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  expect(await rig.requestsOfScan()).toEqual(['LIST ConfigMap', 'GET ConfigMap/store/a']);
  expect(await rig.drifted()).toEqual(['ConfigMap/store/a missing']);
});

test('an object that lost its label is found by its name, and its label is what differs', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.edit('ConfigMap/store/a', (live) => {
    const { labels: _, ...metadata } = live.metadata;
    return { ...live, metadata };
  });
  await rig.scan();
  expect(await rig.drifted()).toEqual([
    'ConfigMap/store/a modified: metadata.labels: (none) → {"driftless.dev/app":"shop"}',
  ]);
});

test('an object that somebody made anew just as it was is in sync, and is asked about once', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const live = rig.cluster.find('ConfigMap/store/a');
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  rig.cluster.put(
    { ...live, metadata: { name: 'a', namespace: 'store', labels: live.metadata.labels ?? {} } },
    'driftless',
  );
  expect(await rig.requestsOfScan()).toContain('DRY-RUN ConfigMap/store/a');
  expect(await rig.drifted()).toEqual([]);
  expect(await rig.requestsOfScan()).toEqual(['LIST ConfigMap']);
});

test('an object with the label that nobody deployed is extra, and is never corrected', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('more', '1', { labels: { 'driftless.dev/app': 'shop' } })));
  const scan = await rig.scan();
  expect(await rig.drifted()).toEqual(['ConfigMap/store/more extra']);
  expect(scan.corrections).toBe(0);
});

test('an object of an application that nobody has configured is an orphan of the cluster', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('old', '1', { labels: { 'driftless.dev/app': 'gone' } })));
  expect(await rig.scan()).toMatchObject({ orphans: 1, objectsDrifted: 0 });
  expect(await rig.state.cluster('prod')).toMatchObject({ orphans: [{ kind: 'ConfigMap', name: 'old' }] });
});

test('what a controller made of an object with our label is neither extra nor an orphan', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u', controller: true };
  const made: KubeObject = inStore(
    configMap('copy', '1', { labels: { 'driftless.dev/app': 'shop' }, ownerReferences: [owner] }),
  );
  rig.cluster.edit('ConfigMap/store/a', (live) => live);
  rig.cluster.put(made);
  rig.cluster.edit('ConfigMap/store/copy', () => made);
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 0, orphans: 0 });
});

test('a change of status alone costs one look at the object, and no dry-run', async () => {
  const rig = await rigs.open();
  await rig.deploy(deployment('web'));
  rig.cluster.edit('Deployment/store/web', (live) => ({ ...live, status: { ...available(live), readyReplicas: 1 } }));
  expect(await rig.requestsOfScan()).toEqual(['LIST Deployment', 'GET Deployment/store/web']);
  expect(await rig.requestsOfScan()).toEqual(['LIST Deployment']);
  expect(await rig.record()).toBeUndefined();
});

test('right values that others own are taken over', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')), 'other');
  rig.cluster.put(inStore(configMap('a', '1')), 'other');
  await rig.scan();
  expect(await rig.drifted()).toEqual(['ConfigMap/store/a takenOver']);
  expect(await rig.record()).toMatchObject({ objects: [{ by: [{ manager: 'other' }] }] });
});

test('right values that others own are left to them where a rule says so', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.handle({ mode: 'report', ignore: [{ fields: ['data.value'], managers: ['other'] }] });
  rig.cluster.put(inStore(configMap('a', '2')), 'other');
  rig.cluster.put(inStore(configMap('a', '1')), 'other');
  expect(await rig.requestsOfScan()).toContain('DRY-RUN ConfigMap/store/a');
  expect(await rig.drifted()).toEqual([]);
});

test('a field that Git does not have is nobody’s drift', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.edit('ConfigMap/store/a', (live) => ({ ...live, data: { value: '1', more: 'x' } }));
  await rig.scan();
  expect(await rig.record()).toBeUndefined();
});

test('drift is notified once when it opens, once when it changes, and once when it is resolved', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.handle({ mode: 'report' });
  rig.cluster.put(inStore(configMap('a', '2')));
  await rig.scan();
  await rig.scan();
  rig.cluster.put(inStore(configMap('b', '2')));
  await rig.scan();
  await rig.scan();
  rig.cluster.put(
    inStore({ ...configMap('a'), metadata: rig.cluster.find('ConfigMap/store/a').metadata }),
    'driftless',
  );
  rig.cluster.put(
    inStore({ ...configMap('b'), metadata: rig.cluster.find('ConfigMap/store/b').metadata }),
    'driftless',
  );
  await rig.scan();
  expect(rig.told.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
    'drift.opened shop: 1 object has drifted',
    'drift.changed shop: 2 objects have drifted',
    'drift.resolved shop: drift is resolved',
  ]);
  expect(rig.told[0]?.lines[1]).toBe('  data.value: 2 → 1');
});

test('memories of a scan do not outlive another specification', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.handle({ mode: 'report', ignore: [{ fields: ['data'] }] });
  rig.cluster.put(inStore(configMap('a', '2')));
  await rig.scan();
  expect(await rig.drifted()).toEqual([]);
  await rig.handle({ mode: 'report' });
  await rig.scan();
  expect(await rig.drifted()).toEqual(['ConfigMap/store/a modified: data.value: 2 → 1']);
});
