// S6: the logs of an application: which containers, in pages that go on where the last one ended.
import { type LogRequest, readLogs } from '../../../lib/inspect/logs/logs.ts';
import { configMap, deployment, inStore } from '../drift/drift-rig.ts';
import { type InspectRig, replicaSet, runningPod, withInspectRig } from './inspect-rig.ts';

const rigs = withInspectRig();
const all: LogRequest = { app: 'shop', previous: false };

const withPods = async (): Promise<InspectRig> => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.own('Deployment/store/web', replicaSet('web-1'));
  rig.own('ReplicaSet/store/web-1', runningPod('web-1-a', 'web', 'proxy'));
  rig.own('ReplicaSet/store/web-1', runningPod('web-1-b', 'web'));
  return rig;
};

test('S6: all containers of all pods are read, the last lines of each', async () => {
  const rig = await withPods();
  rig.answer(({ pod, container }) => ({ status: 'read', text: `2026-01-01T00:00:01Z ${pod} ${container}\n` }));
  const { items, isMore, unread } = await readLogs(all, rig.live);
  expect(items.map(({ line }) => line)).toEqual(['web-1-a web', 'web-1-a proxy', 'web-1-b web']);
  expect([isMore, unread]).toEqual([false, []]);
  expect(rig.logQueries.map(({ tailLines }) => tailLines)).toEqual([100, 100, 100]);
});

test('S6: the next page has what came since, of a pod that came since all of it', async () => {
  const rig = await withPods();
  rig.answer(() => ({ status: 'read', text: '2026-01-01T00:00:01.5Z one\n' }));
  const { cursor } = await readLogs({ ...all, container: 'web' }, rig.live);
  rig.own('ReplicaSet/store/web-1', runningPod('web-1-c'));
  rig.answer(({ pod }) => ({
    status: 'read',
    text: `2026-01-01T00:00:01.5Z one\n2026-01-01T00:00:02Z ${pod} two\n`,
  }));
  const { items } = await readLogs({ ...all, container: 'web', cursor }, rig.live);
  expect(items.map(({ line }) => line)).toEqual(['one', 'web-1-a two', 'web-1-b two', 'web-1-c two']);
  expect(rig.logQueries.slice(2).map(({ sinceTime, tailLines }) => [sinceTime, tailLines])).toEqual([
    ['2026-01-01T00:00:01Z', undefined],
    ['2026-01-01T00:00:01Z', undefined],
    [undefined, undefined],
  ]);
});

test('S6: where a second has more lines than an answer, more is asked for', async () => {
  const rig = await withPods();
  const line = `2026-01-01T00:00:01.5Z ${'x'.repeat(2_000_000)}\n`;
  rig.answer(({ limitBytes }) => ({
    status: 'read',
    text: `${line}2026-01-01T00:00:01.6Z more\n`.slice(0, limitBytes),
  }));
  const request = { ...all, object: 'pod/web-1-b' };
  const first = await readLogs(request, rig.live);
  expect([first.items.length, first.isMore]).toEqual([1, true]);
  const next = await readLogs({ ...request, cursor: first.cursor }, rig.live);
  expect(next.items.map(({ line }) => line)).toEqual(['more']);
});

test('S6: an object has the logs of what it owns, and a container that does not exist is refused with those that do', async () => {
  const rig = await withPods();
  const { containers } = await readLogs({ ...all, object: 'deploy/web', container: 'proxy' }, rig.live);
  expect(containers).toEqual([{ namespace: 'store', pod: 'web-1-a', container: 'proxy' }]);
  expect((await readLogs({ ...all, object: 'cm/a' }, rig.live)).containers).toEqual([]);
  await expect(readLogs({ ...all, container: 'nope' }, rig.live)).rejects.toMatchObject({
    code: 'RequestInvalid',
    message: 'container "nope": does not exist; write one of proxy, web',
  });
});

test('S6: a pod that nothing of the application owns is refused', async () => {
  const rig = await withPods();
  rig.cluster.put(inStore(runningPod('stranger')));
  await expect(readLogs({ ...all, object: 'pod/stranger' }, rig.live)).rejects.toMatchObject({ code: 'ObjectUnknown' });
  expect(rig.logQueries).toEqual([]);
});

test('S6: a container that cannot be read is named, and does not keep the others from being read', async () => {
  const rig = await withPods();
  rig.answer(({ pod }) =>
    pod === 'web-1-a'
      ? { status: 'unavailable', message: 'is waiting to start' }
      : { status: 'read', text: '2026-01-01T00:00:01Z fine\n' },
  );
  const { items, unread } = await readLogs({ ...all, container: 'web' }, rig.live);
  expect(items.map(({ line }) => line)).toEqual(['fine']);
  expect(unread).toEqual(['Pod/store/web-1-a web: is waiting to start']);
});

test('S6: only so many containers are read at a time', async () => {
  const rig = await withPods();
  for (let index = 0; index < 40; index += 1) rig.own('ReplicaSet/store/web-1', runningPod(`web-2-${index}`));
  const { containers, unread } = await readLogs(all, rig.live);
  expect(containers).toHaveLength(30);
  expect(unread).toEqual(['13 more containers are not read; name an object or a container']);
});
