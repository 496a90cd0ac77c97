import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** An entry of a hand-made pack. */
export type Entry = {
  readonly code: number;
  /** What lies between the header and the content: the base of a delta. */
  readonly base?: Uint8Array;
  readonly content: Uint8Array;
  /** Where it is to be another one than that of the content. */
  readonly declaredSize?: number;
};

export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
export const OFS_DELTA = 6;
export const REF_DELTA = 7;

/** A pack with a right checksum, whatever is in it. */
export function buildPack(entries: readonly Entry[], count = entries.length): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return seal(Buffer.concat([header, ...entries.map(encodeEntry)]));
}

/** Puts the checksum behind a pack. */
export function seal(pack: Uint8Array): Buffer {
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

export function encodeEntry({ code, base = Buffer.alloc(0), content, declaredSize = content.length }: Entry): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(declaredSize / 16);
  bytes.push((code << 4) | (declaredSize % 16) | (rest > 0 ? 0x80 : 0));
  while (rest > 0) {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  }
  return Buffer.concat([Buffer.from(bytes), base, deflateSync(content)]);
}

/** The distance to the base of an OFS delta. */
export function encodeDistance(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest % 128) | 0x80);
  }
  return Buffer.from(bytes);
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** One instruction of a delta: bytes of its own, or a range of the base. */
export type Instruction = Uint8Array | { readonly offset: number; readonly length: number };

export function encodeDelta(baseSize: number, size: number, instructions: readonly Instruction[]): Buffer {
  return Buffer.concat([encodeVarint(baseSize), encodeVarint(size), ...instructions.map(encodeInstruction)]);
}

function encodeInstruction(instruction: Instruction): Buffer {
  if (instruction instanceof Uint8Array) return Buffer.concat([Buffer.from([instruction.length]), instruction]);
  const offset = Buffer.alloc(4);
  offset.writeUInt32LE(instruction.offset);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(instruction.length);
  return Buffer.concat([Buffer.from([0xff]), offset, length.subarray(0, 3)]);
}

export function oid(type: string, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** A commit with one folder, that has these files; whether their blobs are in the pack is the caller's matter. */
export function commitOf(files: Readonly<Record<string, string>>): {
  readonly commit: string;
  readonly entries: readonly Entry[];
} {
  const tree = Buffer.concat(
    Object.entries(files).map(([name, blob]) =>
      Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]),
    ),
  );
  const content = Buffer.from(`tree ${oid('tree', tree)}\nauthor A <a@b> 0 +0000\ncommitter A <a@b> 0 +0000\n\nx\n`);
  return {
    commit: oid('commit', content),
    entries: [
      { code: COMMIT, content },
      { code: TREE, content: tree },
    ],
  };
}
