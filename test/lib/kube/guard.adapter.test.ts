import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, objectOf, openFake } from './fake-cluster.ts';

const configMap = objectOf(CONFIG_MAP, 'settings');
const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings', uid: 'u1' };
const over = new Error('the lease is over');

function refuse(): void {
  throw over;
}

test('nothing is written when the guard throws, and its error comes out', async () => {
  const { cluster, server } = await openFake(() => ({ body: configMap }));
  await expect(cluster.apply(CONFIG_MAP, configMap, { guard: refuse })).rejects.toBe(over);
  await expect(cluster.delete(CONFIG_MAP, id, { guard: refuse })).rejects.toBe(over);
  expect(server.received).toEqual([]);
});

test('a guard that threw leaves the connection usable', async () => {
  const { cluster, server } = await openFake(() => ({ body: configMap }), { connections: 1 });
  await expect(cluster.apply(CONFIG_MAP, configMap, { guard: refuse })).rejects.toBe(over);
  await cluster.apply(CONFIG_MAP, configMap, {});
  expect(server.received).toHaveLength(1);
});

test('the guard is asked before each send, so a retry after the lease is not sent', async () => {
  let asked = 0;
  const guard = () => {
    asked += 1;
    if (asked > 1) refuse();
  };
  const { cluster, server } = await openFake(() => statusAnswer(503, { message: 'busy' }));
  await expect(cluster.apply(CONFIG_MAP, configMap, { guard })).rejects.toBe(over);
  expect(server.received).toHaveLength(1);
});

test('the guard is asked when a connection is free, not while the request waits for one', async () => {
  let open = true;
  const guard = () => {
    if (!open) refuse();
  };
  const { cluster, server } = await openFake(
    (_request, number) => {
      if (number === 1) open = false;
      return { body: configMap };
    },
    { connections: 1 },
  );
  const first = cluster.apply(CONFIG_MAP, configMap, { guard });
  const second = cluster.apply(CONFIG_MAP, configMap, { guard });
  await expect(second).rejects.toBe(over);
  expect(await first).toMatchObject({ status: 'applied' });
  expect(server.received).toHaveLength(1);
});

test('a dry-run writes nothing and asks no guard', async () => {
  const { cluster, server } = await openFake(() => ({ body: configMap }));
  await cluster.apply(CONFIG_MAP, configMap, { dryRun: true, guard: refuse });
  await cluster.delete(CONFIG_MAP, id, { dryRun: true, guard: refuse });
  expect(server.received).toHaveLength(2);
});
