// S6: what an inventory leads to, and nothing else.
import { readEvents } from '../../../lib/inspect/events.ts';
import { listLiveObjects } from '../../../lib/inspect/live-objects.ts';
import { readTree, type TreeNode } from '../../../lib/inspect/tree.ts';
import { available, configMap, deployment, inStore } from '../drift/drift-rig.ts';
import { crashingPod, replicaSet, runningPod, withInspectRig } from './inspect-rig.ts';

const rigs = withInspectRig();

const linesOf = (nodes: readonly TreeNode[], indent = ''): readonly string[] =>
  nodes.flatMap(({ kind, name, health, children }) => [
    `${indent}${kind}/${name} ${health.status}`,
    ...linesOf(children, `${indent}  `),
  ]);

const project = { name: 'default', sourceRepos: ['*'], destinations: [{ cluster: '*', namespace: 'store' }] };

test('S6: owners are followed by uid, down to the pods', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.own('Deployment/store/web', replicaSet('web-1'));
  rig.own('ReplicaSet/store/web-1', runningPod('web-1-a'));
  rig.requests();
  const tree = await readTree('shop', rig.live);
  expect(linesOf(tree.items)).toEqual([
    'ConfigMap/a Healthy',
    expect.stringMatching(/^Deployment\/web /),
    expect.stringMatching(/^ {2}ReplicaSet\/web-1 /),
    expect.stringMatching(/^ {4}Pod\/web-1-a /),
  ]);
  expect(tree.unread).toEqual([]);
  // One GET for a kind with one object, one LIST for each kind that may be owned.
  expect(rig.requests().toSorted()).toEqual([
    'GET ConfigMap/store/a',
    'GET Deployment/store/web',
    'LIST PersistentVolumeClaim',
    'LIST Pod',
    'LIST ReplicaSet',
  ]);
});

test('S6: an owner of the right name and another uid leads nowhere', async () => {
  const rig = await rigs.open();
  await rig.deploy(deployment('web'));
  const { apiVersion, kind } = rig.cluster.find('Deployment/store/web');
  const owner = { apiVersion, kind, name: 'web', uid: 'forged', controller: true };
  rig.cluster.put(inStore({ ...replicaSet('forged'), metadata: { name: 'forged', ownerReferences: [owner] } }));
  expect(linesOf((await readTree('shop', rig.live)).items)).toEqual([expect.stringMatching(/^Deployment\/web /)]);
});

test('S6: another object of a recorded name is not shown, unless it carries our labels', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  const { metadata } = rig.cluster.find('ConfigMap/store/b');
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  rig.cluster.put(inStore(configMap('a', 'foreign')));
  rig.cluster.put({ ...configMap('b'), metadata: { name: 'b', namespace: 'store', labels: metadata.labels ?? {} } });
  const { items } = await readTree('shop', rig.live);
  expect(items.map(({ name, health }) => [name, health.status, health.message])).toEqual([
    ['a', 'Missing', 'another object has its name'],
    ['b', 'Healthy', ''],
  ]);
});

test('S6: an object that lost its label is found by its name', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  rig.cluster.edit('ConfigMap/store/a', (live) => {
    const { labels: _, ...metadata } = live.metadata;
    return { ...live, metadata };
  });
  expect(linesOf((await readTree('shop', rig.live)).items)).toEqual(['ConfigMap/a Healthy', 'ConfigMap/b Healthy']);
});

test('S6: a Secret is in the tree, and never asked for', async () => {
  const rig = await rigs.open();
  await rig.deploy({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 'hidden' } });
  rig.requests();
  const tree = await readTree('shop', rig.live);
  expect(tree.items).toMatchObject([
    { kind: 'Secret', health: { status: 'Unknown', message: 'a Secret is not read' } },
  ]);
  expect(rig.requests()).toEqual([]);
  expect(JSON.stringify(tree)).not.toContain('hidden');
});

test('S6: nothing is read before the project was asked, and nothing that it does not permit', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.own('Deployment/store/web', replicaSet('web-1'));
  rig.own('ReplicaSet/store/web-1', runningPod('web-1-a'));
  rig.requests();
  rig.projects.projects = [{ ...project, destinations: [{ cluster: '*', namespace: 'other' }] }];
  await expect(readTree('shop', rig.live)).rejects.toMatchObject({ code: 'ProjectForbids' });
  expect(rig.requests()).toEqual([]);

  const deny = [{ group: '', kind: 'Pod', name: '*' }];
  rig.projects.projects = [
    { ...project, namespaceResources: { allow: [{ group: 'apps', kind: '*', name: '*' }], deny } },
  ];
  const tree = await readTree('shop', rig.live);
  expect(linesOf(tree.items)).toEqual([
    expect.stringMatching(/^Deployment\/web /),
    expect.stringMatching(/^ {2}ReplicaSet\/web-1 /),
  ]);
  expect(tree.unread).toEqual([expect.stringMatching(/^ConfigMap\/store\/a: Project\/default does not permit/)]);
});

test('S6: what cannot be listed is said, and is no absence', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.cluster.before = (request) => {
    if (request === 'LIST ReplicaSet') throw new Error('replicasets is forbidden');
    if (request === 'GET ConfigMap/store/a') throw new Error('configmaps is forbidden');
  };
  const tree = await readTree('shop', rig.live);
  expect(tree.items.map(({ name, health }) => [name, health.status])).toContainEqual(['a', 'Unknown']);
  expect(tree.unread).toEqual(['configmaps is forbidden', 'replicasets is forbidden']);
});

test('S6: a tree of more objects than help a person is cut, and says so', async () => {
  const rig = await rigs.open();
  await rig.deploy(deployment('web'));
  rig.own('Deployment/store/web', replicaSet('web-1'));
  const { metadata } = rig.own('ReplicaSet/store/web-1', runningPod('web-1-a'));
  for (let index = 0; index < 2_000; index += 1)
    rig.cluster.put({
      ...runningPod(`web-${index}`),
      metadata: { ...metadata, uid: `pod-${index}`, name: `web-${index}` },
    });
  const tree = await readTree('shop', rig.live);
  expect(tree.isCut).toBe(true);
  expect(linesOf(tree.items)).toHaveLength(2_001);
});

test('S6: claims of a StatefulSet are known by its template and labels', async () => {
  const rig = await rigs.open();
  const labels = { app: 'db' };
  await rig.deploy({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: { selector: { matchLabels: labels }, volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
  });
  const claim = (name: string, more = labels) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'store', labels: more },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  });
  for (const one of [claim('data-db-0'), claim('data-db-x'), claim('data-db-1', { app: 'other' }), claim('data-dbx-0')])
    rig.cluster.put(one);
  const [{ children = [] } = {}] = (await readTree('shop', rig.live)).items;
  expect(children.map(({ name }) => name)).toEqual(['data-db-0']);
});

test('S6: events of objects of others are not shown', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await expect(readEvents({ app: 'shop', object: 'ConfigMap/b' }, rig.live)).rejects.toMatchObject({
    code: 'ObjectUnknown',
    message: 'Application/shop: has no object "ConfigMap/b"',
  });
  await expect(readEvents({ app: 'other' }, rig.live)).rejects.toMatchObject({ code: 'ApplicationUnknown' });
});

test('S6: a workload is as unwell as its pods are, in the tree and among the live objects, with their message', async () => {
  const rig = await rigs.open();
  await rig.deploy(deployment('web'));
  rig.cluster.edit('Deployment/store/web', (live) => ({ ...live, status: available(live, 0) }));
  rig.own('Deployment/store/web', replicaSet('web-1'));
  const pod = crashingPod('web-1-a');
  rig.own('ReplicaSet/store/web-1', pod);
  rig.cluster.edit('Pod/store/web-1-a', (live) => ({ ...live, status: pod.status }));
  const health = {
    status: 'Degraded',
    reason: 'CrashLoopBackOff',
    message: 'Pod web-1-a: container web: CrashLoopBackOff: restarts: 3',
  };
  expect((await readTree('shop', rig.live)).items).toMatchObject([{ name: 'web', health }]);
  expect((await listLiveObjects('shop', { limit: 10 }, rig.live)).items).toMatchObject([{ name: 'web', health }]);
});

test('what a workload writes into an event is cut, so that it does not fill the answer', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const { kind, metadata } = rig.cluster.find('ConfigMap/store/a');
  rig.cluster.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'store' },
    involvedObject: { apiVersion: 'v1', kind, namespace: 'store', name: 'a', uid: metadata.uid },
    message: `${'x'.repeat(1_022)}\u{1f600}${'x'.repeat(1_000_000)}`,
  });
  const [event] = (await readEvents({ app: 'shop' }, rig.live)).items;
  expect(event?.message).toBe(`${'x'.repeat(1_022)}\ufffd…`);
});
