// Lists of metadata as the API server writes them in protobuf, field by field.
import { PbfWriter } from 'pbf';

/** Writes a field into a message. */
export type Field = (pbf: PbfWriter) => void;

export function text(field: number, value: string): Field {
  return (pbf) => pbf.writeStringField(field, value);
}

export function number(field: number, value: number): Field {
  return (pbf) => pbf.writeVarintField(field, value);
}

export function message(field: number, ...parts: readonly Field[]): Field {
  return (pbf) => pbf.writeMessage(field, writeAll, parts);
}

function writeAll(parts: readonly Field[], pbf: PbfWriter): void {
  for (const part of parts) part(pbf);
}

/** An entry of a map. */
export function entry(field: number, key: string, value: string): Field {
  return message(field, text(1, key), text(2, value));
}

/** An item of a list, given the fields of its ObjectMeta. */
export function item(...meta: readonly Field[]): Field {
  return message(2, message(1, ...meta));
}

/** The metadata of a list. */
export function listMeta(resourceVersion: string, next = ''): Field {
  return message(1, text(2, resourceVersion), text(3, next));
}

/** An answer: the mark of protobuf, what it is, then the list. */
export function metadataList(...list: readonly Field[]): Buffer {
  const pbf = new PbfWriter();
  const type = message(1, text(1, 'meta.k8s.io/v1'), text(2, 'PartialObjectMetadataList'));
  writeAll([type, message(2, ...list), text(4, 'application/vnd.kubernetes.protobuf')], pbf);
  return Buffer.concat([Buffer.from('k8s\0'), pbf.finish()]);
}
