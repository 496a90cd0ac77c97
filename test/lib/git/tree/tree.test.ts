import fc from 'fast-check';
import { DriftlessError } from '../../../../lib/errors.ts';
import { parseTree } from '../../../../lib/git/tree/tree.ts';

const OID = '0123456789abcdef0123456789abcdef01234567';

function entry(mode: string, name: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(OID, 'hex')]);
}

test.each([
  ['40000', 'tree'],
  ['040000', 'tree'],
  ['100644', 'file'],
  ['100755', 'file'],
  ['100664', 'file'],
  ['120000', 'link'],
  ['160000', 'submodule'],
])('mode %s is a %s', (mode, kind) => {
  expect(parseTree(entry(mode, 'a b'), 'shop')).toEqual(new Map([['a b', { kind, oid: OID }]]));
});

test('a name that is no UTF-8 is returned with its problem', () => {
  const tree = parseTree(entry('100644', Buffer.from([0x61, 0xff])), 'shop');
  expect([...tree.values()]).toEqual([{ kind: 'file', oid: OID, problem: 'is not UTF-8' }]);
});

test.each([
  ['an unknown mode', entry('100000', 'a')],
  ['a word for a mode', entry('constructor', 'a')],
  ['no mode', Buffer.from('a')],
  ['no name', Buffer.from('100644 a')],
  ['half an id', entry('100644', 'a').subarray(0, -1)],
])('a folder with %s is GitProtocol', (_what, bytes) => {
  expect(() => parseTree(bytes, 'shop')).toThrow(
    expect.objectContaining({
      code: 'GitProtocol',
      message: 'shop: a folder of the commit is malformed (at byte 0)',
    }),
  );
});

test('however a folder is changed, it is read or is a DriftlessError', () => {
  const sound = Buffer.concat([entry('100644', 'a'), entry('40000', 'b'), entry('120000', 'c')]);
  const change = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(sound.length), (changes, length) => {
      const bytes = Buffer.from(sound.subarray(0, length));
      for (const { at, byte } of changes) if (at < length) bytes[at] = byte;
      try {
        expect(parseTree(bytes, 'shop').size).toBeLessThanOrEqual(3);
      } catch (error) {
        expect(error).toBeInstanceOf(DriftlessError);
      }
    }),
    { numRuns: 1_000 },
  );
});
