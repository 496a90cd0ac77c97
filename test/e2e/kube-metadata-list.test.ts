// Lists of metadata come in protobuf. What it says is held against the JSON of the same server.

import { createTransport } from '../../lib/kube/http/transport.ts';
import { isProtobuf } from '../../lib/kube/metadata-list.ts';
import { collectionPath } from '../../lib/kube/path.ts';
import type { ServedKind } from '../../lib/model/cluster-api.ts';
import { idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { eventually, kubeUnderTest, PATIENCE_MS, testClock } from './kube-cluster.ts';

const NAMESPACE = 'kube-metadata-test';
const GROUP = `${NAMESPACE}.example.com`;
const JSON_ALONE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const kube = kubeUnderTest(NAMESPACE);

const DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gadgets.${GROUP}`, labels: { list: 'same' } },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const GADGET: ServedKind = { group: GROUP, version: 'v1', kind: 'Gadget', plural: 'gadgets', namespaced: true };

/** An object with everything that metadata can have, but what the server itself writes. */
async function rich(apiVersion: string, kind: string): Promise<KubeObject> {
  await kube.apply(kube.configMap('owner'));
  const owner = await kube.get(kube.configMap('owner'));
  const uid = owner?.metadata.uid ?? '';
  const object = kube.object(apiVersion, kind, 'rich');
  const metadata = {
    labels: { list: 'same', empty: '' },
    annotations: { note: 'grüße 🚀', long: 'x'.repeat(5_000) },
    finalizers: ['test.example/hold', 'test.example/other'],
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, controller: true }],
  };
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

async function applied(object: KubeObject, kind: ServedKind): Promise<void> {
  await eventually(async () => (await kube.cluster.apply(kind, object, {})).status === 'applied' || undefined);
}

/** What JSON has beyond it is a number that nobody reads. */
function read({ metadata, ...rest }: KubeObject): object {
  const { deletionGracePeriodSeconds: _, ...known } = metadata as KubeObject['metadata'] & Record<string, unknown>;
  return { ...rest, metadata: known };
}

test(
  'metadata is the same in protobuf, which the server sends of every kind, as in JSON',
  async () => {
    const configMaps = await kube.kindOf(kube.configMap('rich'));
    await applied(DEFINITION, await kube.kindOf(DEFINITION));
    await applied(await rich(`${GROUP}/v1`, 'Gadget'), GADGET);
    const doomed = await rich('v1', 'ConfigMap');
    await applied(doomed, configMaps);
    const { metadata } = (await kube.get(doomed)) ?? doomed;
    await kube.cluster.delete(configMaps, { ...idOf(doomed), uid: metadata.uid ?? '' }, {});

    const json = kube.open({ accept: JSON_ALONE });
    const transport = createTransport(kube.access, { clock: testClock, log: new RecordingLog(), version: 'test' });
    const answers = [];
    for (const kind of [configMaps, GADGET, await kube.kindOf(DEFINITION)]) {
      const query = { kind, content: 'metadata', labelSelector: 'list=same' } as const;
      const { items } = await kube.cluster.list(query);
      expect(items).toEqual((await json.list(query)).items.map(read));
      const accept = `application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,${JSON_ALONE}`;
      const { body } = await transport.send({ method: 'GET', path: collectionPath(kind), headers: { accept } });
      answers.push([items.map(({ metadata: { name } }) => name), isProtobuf(body)]);
    }
    await Promise.all([json.close(), transport.close()]);
    expect(answers).toEqual([
      [['rich'], true],
      [['rich'], true],
      [[`gadgets.${GROUP}`], true],
    ]);
    const [{ metadata: listed } = doomed] = (
      await kube.cluster.list({ kind: configMaps, content: 'metadata', labelSelector: 'list=same' })
    ).items;
    expect(listed).toMatchObject({
      namespace: NAMESPACE,
      creationTimestamp: metadata.creationTimestamp,
      deletionTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      finalizers: ['test.example/hold', 'test.example/other'],
    });

    await kube.apply(kube.configMap('rich'));
    await kube.cluster.apply(GADGET, kube.object(`${GROUP}/v1`, 'Gadget', 'rich'), {});
    const definition = await kube.get(DEFINITION);
    const id = { ...idOf(DEFINITION), uid: definition?.metadata.uid ?? '' };
    expect(await kube.cluster.delete(await kube.kindOf(DEFINITION), id, {})).toEqual({ status: 'deleted' });
  },
  PATIENCE_MS,
);
