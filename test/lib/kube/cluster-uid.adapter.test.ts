import { statusAnswer } from '../../fakes/api-server.ts';
import { openFake } from './fake-cluster.ts';

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid: 'uid-1' } };
const PATH = '/api/v1/namespaces/kube-system';

test('a cluster is told by the uid of kube-system, which is asked once', async () => {
  const { cluster, server } = await openFake(() => ({ body: namespace }));
  expect(await Promise.all([cluster.uid(), cluster.uid()])).toEqual(['uid-1', 'uid-1']);
  expect(server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${PATH}`]);
});

test('it is unknown where it may not be read', async () => {
  const { cluster, server } = await openFake(() =>
    statusAnswer(403, { reason: 'Forbidden', message: 'no', details: {} }),
  );
  expect([await cluster.uid(), await cluster.uid()]).toEqual([undefined, undefined]);
  expect(server.received).toHaveLength(1);
});

test('a failure is not kept', async () => {
  let isBroken = true;
  const { cluster } = await openFake(() =>
    isBroken ? statusAnswer(400, { reason: 'BadRequest', message: 'bad' }) : { body: namespace },
  );
  await expect(cluster.uid()).rejects.toMatchObject({ code: 'ApiServerRejected' });
  isBroken = false;
  expect(await cluster.uid()).toBe('uid-1');
});
