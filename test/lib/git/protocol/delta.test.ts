import fc from 'fast-check';
import { ByteCursor } from '../../../../lib/git/protocol/byte-cursor.ts';
import { applyDelta } from '../../../../lib/git/protocol/delta.ts';
import { encodeDelta, type Instruction } from '../pack-builder.ts';

const admitAll = () => {};

function apply(base: Uint8Array, delta: Uint8Array): Buffer {
  return applyDelta(Buffer.from(base), new ByteCursor(Buffer.from(delta), 'delta'), admitAll);
}

test('any sequence of copies and bytes is rebuilt', () => {
  const base = fc.uint8Array({ minLength: 1, maxLength: 2_000 });
  const own = fc.uint8Array({ minLength: 1, maxLength: 127 });
  const copy = fc.record({ from: fc.nat(1_999), to: fc.nat(1_999) });
  fc.assert(
    fc.property(base, fc.array(fc.oneof(own, copy), { maxLength: 20 }), (source, pieces) => {
      const instructions: Instruction[] = [];
      const parts: Uint8Array[] = [];
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) {
          instructions.push(piece);
          parts.push(piece);
          continue;
        }
        const offset = piece.from % source.length;
        const length = 1 + (piece.to % (source.length - offset));
        instructions.push({ offset, length });
        parts.push(source.subarray(offset, offset + length));
      }
      const result = Buffer.concat(parts);
      expect(apply(source, encodeDelta(source.length, result.length, instructions)).equals(result)).toBe(true);
    }),
  );
});

test('a copy whose length is left out copies 65536 bytes', () => {
  const base = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
  const delta = Buffer.concat([encodeDelta(base.length, 65_536, []), Buffer.from([0x81, 5])]);
  expect(apply(base, delta).equals(base.subarray(5, 65_541))).toBe(true);
});

const base = Buffer.from('0123456789');
test.each([
  ['is for a base of another size', encodeDelta(9, 3, [{ offset: 0, length: 3 }]), 'has a delta for another object'],
  [
    'copies from behind the end of its base',
    encodeDelta(10, 3, [{ offset: 8, length: 3 }]),
    'has a delta that copies from outside of its base',
  ],
  [
    'copies from far behind it',
    encodeDelta(10, 3, [{ offset: 2 ** 32 - 1, length: 2 ** 24 - 1 }]),
    'has a delta that copies from outside of its base',
  ],
  ['writes more than it says', encodeDelta(10, 2, [{ offset: 0, length: 3 }]), 'has a delta that writes past its end'],
  ['writes less than it says', encodeDelta(10, 4, [{ offset: 0, length: 3 }]), 'has a delta that ends too early'],
  ['ends in an instruction', encodeDelta(10, 3, [{ offset: 0, length: 3 }]).subarray(0, -2), 'ends too early'],
  [
    'has the reserved instruction',
    Buffer.concat([encodeDelta(10, 0, []), Buffer.from([0])]),
    'has a delta with a reserved instruction',
  ],
  ['has a size without end', Buffer.alloc(20, 0xff), 'has a number that is too large'],
])('a delta that %s is GitProtocol', (_situation, delta, why) => {
  expect(() => apply(base, delta)).toThrow(
    expect.objectContaining({ code: 'GitProtocol', message: expect.stringContaining(why) }),
  );
});

test('the declared size may be refused before it is allocated (CVE-2022-36049)', () => {
  const refuse = (size: number) => {
    throw new Error(`refused ${size}`);
  };
  const delta = new ByteCursor(encodeDelta(10, 2 ** 45, []), 'delta');
  expect(() => applyDelta(base, delta, refuse)).toThrow('refused 35184372088832');
});
