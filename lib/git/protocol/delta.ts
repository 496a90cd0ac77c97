import type { ByteCursor } from './byte-cursor.ts';

/**
 * Rebuilds an object from another one and the difference at the cursor; copies outside of either are GitProtocol. `admit` may refuse the
 * declared size before it is allocated.
 */
export function applyDelta(base: Buffer, delta: ByteCursor, admit: (size: number) => void): Buffer {
  if (delta.varint() !== base.length) throw delta.fault('has a delta for another object');
  const size = delta.varint();
  admit(size);
  const result = Buffer.alloc(size);
  let written = 0;
  while (!delta.atEnd) {
    const piece = nextPiece(base, delta);
    if (piece.length > size - written) throw delta.fault('has a delta that writes past its end');
    written += piece.copy(result, written);
  }
  if (written !== size) throw delta.fault('has a delta that ends too early');
  return result;
}

/** One instruction: a range of the base where the highest bit is set, bytes of the delta otherwise. */
function nextPiece(base: Buffer, delta: ByteCursor): Buffer {
  const instruction = delta.byte();
  if (instruction === 0) throw delta.fault('has a delta with a reserved instruction');
  if (instruction < 0x80) return delta.take(instruction);
  const offset = sparseNumber(delta, instruction & 0x0f);
  const length = sparseNumber(delta, (instruction >> 4) & 0x07) || 0x10000;
  if (offset + length > base.length) throw delta.fault('has a delta that copies from outside of its base');
  return base.subarray(offset, offset + length);
}

/** A little-endian number of which only the bytes with a set bit are written. */
function sparseNumber(delta: ByteCursor, present: number): number {
  let value = 0;
  for (let index = 0, bits = present; bits > 0; index += 1, bits >>= 1) {
    if (bits & 1) value += delta.byte() * 2 ** (8 * index);
  }
  return value;
}
