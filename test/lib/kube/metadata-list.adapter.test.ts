import fc from 'fast-check';
import { entry, item, listMeta, message, metadataList, number, text } from '../../fakes/metadata-list.ts';
import { CONFIG_MAP, openFake } from './fake-cluster.ts';

const query = { kind: CONFIG_MAP, content: 'metadata' } as const;
const listed = (metadata: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
const listOf = async (body: Buffer) => (await openFake(() => ({ body }))).cluster.list(query);

test('what protobuf says of an object is what JSON would say, without managed fields', async () => {
  const owner = message(13, text(1, 'Job'), text(3, 'migrate'), text(4, 'u-2'), text(5, 'batch/v1'), number(6, 1));
  const whole = item(
    text(1, 'api-7'),
    text(2, 'api-'),
    text(3, 'shop'),
    text(4, '/api/v1/a/former/field'),
    text(5, 'u-1'),
    text(6, '42'),
    number(7, 3),
    message(8, number(1, 1_795_280_000), number(2, 5)),
    message(9, number(1, 1_795_280_060)),
    number(10, 30),
    entry(11, 'app', 'shop'),
    entry(11, 'tier', ''),
    entry(12, 'note', 'grüße'),
    owner,
    text(14, 'a/hold'),
    text(14, 'b/hold'),
    message(17, text(1, 'kubectl'), text(2, 'Update')),
  );
  expect(await listOf(metadataList(listMeta('77'), whole))).toEqual({
    items: [
      listed({
        name: 'api-7',
        generateName: 'api-',
        namespace: 'shop',
        uid: 'u-1',
        resourceVersion: '42',
        generation: 3,
        creationTimestamp: '2026-11-21T16:53:20Z',
        deletionTimestamp: '2026-11-21T16:54:20Z',
        labels: { app: 'shop', tier: '' },
        annotations: { note: 'grüße' },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'migrate', uid: 'u-2', controller: true }],
        finalizers: ['a/hold', 'b/hold'],
      }),
    ],
    resourceVersion: '77',
  });
});

test('what is empty is not there, as in JSON', async () => {
  const bare = item(text(1, 'a'), text(2, ''), text(3, ''), number(7, 0));
  expect((await listOf(metadataList(bare))).items).toEqual([listed({ name: 'a' })]);
});

test('pages follow one another, and what is not to be kept is left out of each', async () => {
  const { cluster, server } = await openFake(({ query: { continue: next } }) => ({
    body:
      next === undefined
        ? metadataList(listMeta('77', 'more'), item(text(1, 'a')), item(text(1, 'b')))
        : metadataList(listMeta('77'), item(text(1, 'c')), item(text(1, 'd'))),
  }));
  const asked: string[] = [];
  const keep = ({ metadata: { name } }: { metadata: { name: string } }) => asked.push(name) % 2 === 0;
  expect(await cluster.list({ ...query, keep })).toEqual({
    items: [listed({ name: 'b' }), listed({ name: 'd' })],
    resourceVersion: '77',
  });
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
  expect(server.received[0]?.headers.accept).toBe(
    'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  );
});

test.each([
  ['of an object without a name', metadataList(item(text(5, 'u')))],
  ['of an object without metadata', metadataList(message(2))],
  ['that ends within a number', Buffer.from('k8s\0\x12\xff', 'latin1')],
  ['of something else', Buffer.from('k8s\0\x13\x14', 'latin1')],
])('a list %s is an error', async (_what, body) => {
  await expect(listOf(body)).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: 'configmaps: the API server returned protobuf that is not a list',
  });
});

test('whatever follows the mark of protobuf is a list or an error', async () => {
  let body = Buffer.alloc(0);
  const { cluster } = await openFake(() => ({ body }));
  const good = metadataList(listMeta('77'), item(text(1, 'a'), entry(11, 'b', 'c')));
  const damaged = fc
    .tuple(fc.nat(good.length - 5), fc.uint8Array({ minLength: 1, maxLength: 12 }))
    .map(([at, bytes]) => Buffer.concat([good.subarray(0, at + 4), bytes, good.subarray(at + 4 + bytes.length)]));
  await fc.assert(
    fc.asyncProperty(damaged, async (bytes) => {
      body = bytes;
      const outcome = await cluster.list(query).catch((error) => error.code);
      if (outcome !== 'ApiServerRejected') expect(outcome).toMatchObject({ items: expect.any(Array) });
    }),
  );
});
