import { inflateSync } from 'node:zlib';
import type { ByteCursor } from './byte-cursor.ts';
import type { GitObjectType } from './git-object.ts';

/** An entry of a pack: a whole object, or a difference to a base that is named by where it is or by its id. */
export type PackEntry = { readonly offset: number; readonly bytes: Buffer } & (
  | { readonly kind: 'whole'; readonly type: GitObjectType }
  | { readonly kind: 'delta'; readonly base: string }
);

const WHOLE: Readonly<Record<number, GitObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFS_DELTA = 6;
const REF_DELTA = 7;
const OID_BYTES = 20;

/** Reads the entry at the cursor; `admit` may refuse the declared size before anything is inflated. */
export function readEntry(pack: ByteCursor, admit: (size: number) => void): PackEntry {
  const offset = pack.position;
  const first = pack.byte();
  const low = first & 0x0f;
  const size = first < 0x80 ? low : pack.varint(low, 4);
  admit(size);
  const code = (first >> 4) & 0x07;
  const type = WHOLE[code];
  if (type !== undefined) return { offset, kind: 'whole', type, bytes: inflate(pack, size) };
  return { offset, kind: 'delta', base: readBase(pack, { code, offset }), bytes: inflate(pack, size) };
}

/** The key under which the base of a delta is known: `@` and its offset, or its id. */
function readBase(pack: ByteCursor, { code, offset }: { readonly code: number; readonly offset: number }): string {
  if (code === REF_DELTA) return pack.take(OID_BYTES).toString('hex');
  if (code !== OFS_DELTA) throw pack.fault(`has an object of the unknown type ${code}`);
  let byte = pack.byte();
  let distance = byte & 0x7f;
  while (byte >= 0x80) {
    byte = pack.byte();
    distance = (distance + 1) * 128 + (byte & 0x7f);
    if (distance > offset) throw pack.fault('has a delta whose base lies before its start');
  }
  return offsetKey(offset - distance);
}

export function offsetKey(offset: number): string {
  return `@${offset}`;
}

/** Inflates what must become exactly the declared size; a stream that becomes more is stopped there. */
function inflate(pack: ByteCursor, size: number): Buffer {
  const inflated = tryInflate(pack.bytes.subarray(pack.position), size);
  if (inflated === undefined) throw pack.fault('has an object that cannot be inflated to its declared size');
  pack.position += inflated.engine.bytesWritten;
  return ownCopy(inflated.buffer);
}

/** A copy outside of Node's buffer pool: a small object that is cached for long would keep all of the pool's 64 KiB in memory. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

// The types of node:zlib do not know what `info` changes.
type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function tryInflate(bytes: Buffer, size: number): Inflated | undefined {
  const chunkSize = Math.min(Math.max(size, 64), 65_536);
  try {
    const options = { info: true, maxOutputLength: Math.max(size, 1), chunkSize };
    const inflated = inflateSync(bytes, options) as unknown as Inflated;
    return inflated.buffer.length === size ? inflated : undefined;
  } catch {
    return undefined;
  }
}
