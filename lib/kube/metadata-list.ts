// In: a list of metadata in Kubernetes' protobuf form, a third smaller than JSON and read several times as fast. Out: what the JSON form says, without managed
// fields, which are stepped over. Field numbers: k8s.io/apimachinery, pkg/runtime and pkg/apis/meta/v1, generated.proto. May throw whatever bytes that are
// not such a list lead to.
import { PbfReader } from 'pbf';
import type { KubeObject } from '../model/kube-object.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Metadata = Writable<KubeObject['metadata']>;
type OwnerReference = Writable<NonNullable<Metadata['ownerReferences']>[number]>;
type ListMeta = { resourceVersion?: string; continue?: string };

/** The list as its JSON form would be parsed. */
export type MetadataList = { metadata: ListMeta; readonly items: { readonly metadata: Metadata }[] };

/** The first bytes of the protobuf form; JSON never begins so. */
const MAGIC = Buffer.from('k8s\0');

/** Whether a response is in protobuf; a server that does not support that form sends JSON. */
export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, MAGIC.length).equals(MAGIC);
}

/** Reads a `PartialObjectMetadataList`. */
export function readMetadataList(body: Buffer): MetadataList {
  const pbf = new PbfReader(body.subarray(MAGIC.length));
  let list: MetadataList = { metadata: {}, items: [] };
  for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) if (field === 2) list = readList(pbf);
  return list;
}

// Loops, here and below: with a callback for each message, as pbf has them, too, reading takes twice as long.
function readList(pbf: PbfReader): MetadataList {
  const end = endOf(pbf);
  const list: MetadataList = { metadata: {}, items: [] };
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === 1) list.metadata = readListMeta(pbf);
    if (field === 2) list.items.push({ metadata: readItem(pbf) });
  }
  return list;
}

function readListMeta(pbf: PbfReader): ListMeta {
  const end = endOf(pbf);
  const metadata: ListMeta = {};
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === 2) metadata.resourceVersion = pbf.readString();
    if (field === 3) metadata.continue = pbf.readString();
  }
  return metadata;
}

function readItem(pbf: PbfReader): Metadata {
  const end = endOf(pbf);
  let metadata: Metadata | undefined;
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end))
    if (field === 1) metadata = readObjectMeta(pbf);
  if (metadata === undefined) throw new Error('an item has no metadata');
  return metadata;
}

function readObjectMeta(pbf: PbfReader): Metadata {
  const end = endOf(pbf);
  const metadata: Partial<Metadata> = {};
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) readMetaField(field, metadata, pbf);
  if (metadata.name === undefined) throw new Error('an item has no name');
  return metadata as Metadata;
}

/** What is empty is left out, as in JSON. */
function readMetaField(field: number, metadata: Partial<Metadata>, pbf: PbfReader): void {
  switch (field) {
    case 1:
      metadata.name = pbf.readString();
      break;
    case 2:
      put(metadata, 'generateName', pbf.readString());
      break;
    case 3:
      put(metadata, 'namespace', pbf.readString());
      break;
    case 5:
      metadata.uid = pbf.readString();
      break;
    case 6:
      metadata.resourceVersion = pbf.readString();
      break;
    case 7:
      put(metadata, 'generation', pbf.readVarint(true));
      break;
    case 8:
      metadata.creationTimestamp = readTime(pbf);
      break;
    case 9:
      metadata.deletionTimestamp = readTime(pbf);
      break;
    case 11:
      metadata.labels = readEntry(pbf, metadata.labels);
      break;
    case 12:
      metadata.annotations = readEntry(pbf, metadata.annotations);
      break;
    case 13:
      metadata.ownerReferences = [...(metadata.ownerReferences ?? []), readOwner(pbf)];
      break;
    case 14:
      metadata.finalizers = [...(metadata.finalizers ?? []), pbf.readString()];
  }
}

function put<K extends keyof Metadata>(metadata: Partial<Metadata>, key: K, value: Metadata[K]): void {
  if (value) metadata[key] = value;
}

/** Seconds, as JSON writes them: `2026-11-21T17:11:29Z`. */
function readTime(pbf: PbfReader): string {
  const end = endOf(pbf);
  let seconds = 0;
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end))
    if (field === 1) seconds = pbf.readVarint(true);
  return `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** The entries of a map come one by one. */
function readEntry(pbf: PbfReader, map: Record<string, string> = {}): Record<string, string> {
  const end = endOf(pbf);
  let [key, value] = ['', ''];
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === 1) key = pbf.readString();
    if (field === 2) value = pbf.readString();
  }
  map[key] = value;
  return map;
}

function readOwner(pbf: PbfReader): OwnerReference {
  const end = endOf(pbf);
  const owner: OwnerReference = { apiVersion: '', kind: '', name: '', uid: '' };
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) {
    if (field === 1) owner.kind = pbf.readString();
    if (field === 3) owner.name = pbf.readString();
    if (field === 4) owner.uid = pbf.readString();
    if (field === 5) owner.apiVersion = pbf.readString();
    if (field === 6) owner.controller = pbf.readBoolean();
  }
  return owner;
}

function endOf(pbf: PbfReader): number {
  return pbf.readVarint() + pbf.pos;
}
