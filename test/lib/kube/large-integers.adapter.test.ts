// Integers that a double would round, between the client and an API server.
import type { ServedKind } from '../../../lib/model/cluster-api.ts';
import { openFake } from './fake-cluster.ts';

const WIDGET: ServedKind = { group: 'example.com', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true };
const head = '"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w","namespace":"shop"}';
const text = `{${head},"spec":{"id":9007199254740993}}`;
const widget = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', namespace: 'shop' },
  spec: { id: 9007199254740993n },
};

test('they are sent and read with all of their digits', async () => {
  const { cluster, server } = await openFake(() => ({ body: text }));
  expect(await cluster.apply(WIDGET, widget, {})).toEqual({ status: 'applied', object: widget });
  expect(server.received[0]?.body).toBe(text);
  expect(await cluster.get(WIDGET, { group: 'example.com', kind: 'Widget', namespace: 'shop', name: 'w' })).toEqual(
    widget,
  );
});

test('they are listed with all of their digits', async () => {
  const { cluster } = await openFake(() => ({ body: `{"metadata":{"resourceVersion":"1"},"items":[${text}]}` }));
  expect((await cluster.list({ kind: WIDGET, content: 'full' })).items).toEqual([widget]);
});

test('they are watched with all of their digits', async () => {
  const { cluster } = await openFake(() => ({ body: `{"type":"ADDED","object":${text}}\n` }));
  const events = cluster.watch({ kind: WIDGET, content: 'full', resourceVersion: '1' }, AbortSignal.timeout(5_000));
  for await (const { object } of events) {
    expect(object).toEqual(widget);
    break;
  }
});
