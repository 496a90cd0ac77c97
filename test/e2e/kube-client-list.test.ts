// Lists and watches of a real API server.
import { idOf } from '../../lib/model/kube-object.ts';
import { kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';

const NAMESPACE = 'kube-list-test';
const kube = kubeUnderTest(NAMESPACE);

test(
  'a list of more than a page is whole, in full and as metadata',
  async () => {
    const labels = { page: 'yes' };
    const all = Array.from({ length: 1_100 }, (_, index) => {
      const object = kube.configMap(`page-${index}`);
      return { ...object, metadata: { ...object.metadata, labels } };
    });
    await Promise.all(all.map((object) => kube.apply(object)));
    const query = { kind: await kube.kindOf(kube.configMap('x')), namespace: NAMESPACE, labelSelector: 'page=yes' };
    const full = await kube.cluster.list({ ...query, content: 'full' });
    const metadata = await kube.cluster.list({ ...query, content: 'metadata' });
    const names = all.map((object) => object.metadata.name).sort();
    expect(full.items.map((item) => item.metadata.name).sort()).toEqual(names);
    expect(metadata.items.map((item) => item.metadata.name).sort()).toEqual(names);
    expect(full.items[0]).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: expect.objectContaining({ namespace: NAMESPACE, labels, uid: expect.any(String) }),
      data: { a: '1' },
    });
    expect(metadata.items[0]).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: expect.objectContaining({ namespace: NAMESPACE, labels, uid: expect.any(String) }),
    });
  },
  PATIENCE_MS,
);

test.each(['full', 'metadata'] as const)('a watch for %s sees what changes after the list', async (content) => {
  const watched = (value: string) => {
    const object = kube.configMap(`watched-${content}`, { data: { value } });
    return { ...object, metadata: { ...object.metadata, labels: { watched: content } } };
  };
  const kind = await kube.kindOf(watched(''));
  const query = { kind, namespace: NAMESPACE, labelSelector: `watched=${content}`, content };
  const { items, resourceVersion } = await kube.cluster.list(query);
  expect(items).toEqual([]);
  const stop = new AbortController();
  const seen: object[] = [];
  const result = await kube.apply(watched('1'));
  for await (const { type, object } of kube.cluster.watch({ ...query, resourceVersion }, stop.signal)) {
    seen.push({ type, kind: object.kind, data: object.data });
    if (type === 'ADDED') await kube.apply(watched('2'));
    const uid = result.status === 'applied' ? (result.object.metadata.uid ?? '') : '';
    if (type === 'MODIFIED') await kube.cluster.delete(kind, { ...idOf(watched('')), uid }, {});
    if (type === 'DELETED') stop.abort();
  }
  const data = (value: string) => (content === 'full' ? { value } : undefined);
  expect(seen).toEqual([
    { type: 'ADDED', kind: 'ConfigMap', data: data('1') },
    { type: 'MODIFIED', kind: 'ConfigMap', data: data('2') },
    { type: 'DELETED', kind: 'ConfigMap', data: data('2') },
  ]);
});
