import fc from 'fast-check';
import { DriftlessError } from '../../../../lib/errors.ts';
import { type GitObject, oidOf } from '../../../../lib/git/protocol/git-object.ts';
import { parsePack } from '../../../../lib/git/protocol/pack.ts';
import { createRepository } from '../git-cli.ts';
import {
  BLOB,
  buildPack,
  COMMIT,
  type Entry,
  encodeDelta,
  encodeDistance,
  encodeEntry,
  OFS_DELTA,
  oid,
  REF_DELTA,
  seal,
  TREE,
} from '../pack-builder.ts';

const limits = { packObjects: 1_000, objectBytes: 1_000_000, inflatedBytes: 5_000_000 };
const options = { subject: 'https://git.example/shop', limits };

function parse(entries: readonly Entry[], cached?: (oid: string) => GitObject | undefined): Record<string, string> {
  const objects = parsePack(buildPack(entries), cached === undefined ? options : { ...options, cached });
  return Object.fromEntries([...objects].map(([id, { type, bytes }]) => [id, `${type} ${bytes.toString('utf8')}`]));
}

const hello = Buffer.from('hello, world\n');
const helloBlob: Entry = { code: BLOB, content: hello };
/** hello, world → hello, there */
const toThere = encodeDelta(hello.length, 13, [{ offset: 0, length: 7 }, Buffer.from('there\n')]);
const there = Buffer.from('hello, there\n');
/** hello, there → hello, there, hello */
const toTwice = encodeDelta(there.length, 19, [{ offset: 0, length: 12 }, Buffer.from(', '), { offset: 0, length: 5 }]);
const twice = Buffer.from('hello, there, hello');
const expected = {
  [oid('blob', hello)]: 'blob hello, world\n',
  [oid('blob', there)]: 'blob hello, there\n',
  [oid('blob', twice)]: 'blob hello, there, hello',
};
const refDelta = (base: Uint8Array, content: Uint8Array): Entry => ({
  code: REF_DELTA,
  base: Buffer.from(oid('blob', base), 'hex'),
  content,
});
const ofsDelta = (distance: number, content: Uint8Array): Entry => ({
  code: OFS_DELTA,
  base: encodeDistance(distance),
  content,
});
const helloSize = encodeEntry(helloBlob).length;

test('whole objects of each type are read, empty ones too', () => {
  const entries = [COMMIT, TREE, BLOB, 4].map((code) => ({ code, content: Buffer.alloc(0) }));
  expect(Object.values(parse(entries))).toEqual(['commit ', 'tree ', 'blob ', 'tag ']);
});

const firstDelta = ofsDelta(helloSize, toThere);
test.each<[string, readonly Entry[]]>([
  ['by their distance', [helloBlob, firstDelta, ofsDelta(encodeEntry(firstDelta).length, toTwice)]],
  ['by their id', [helloBlob, refDelta(hello, toThere), refDelta(there, toTwice)]],
  ['by their id, before they come', [refDelta(there, toTwice), refDelta(hello, toThere), helloBlob]],
  [
    'by both, waiting for each other',
    [refDelta(hello, toThere), ofsDelta(encodeEntry(refDelta(hello, toThere)).length, toTwice), helloBlob],
  ],
])('deltas that name their bases %s are rebuilt', (_how, entries) => {
  expect(parse(entries)).toEqual(expected);
});

test('a delta may build on an object that is held already', () => {
  const held = (id: string) => (id === oid('blob', hello) ? { type: 'blob' as const, bytes: hello } : undefined);
  expect(parse([refDelta(hello, toThere)], held)).toEqual({ [oid('blob', there)]: 'blob hello, there\n' });
});

test('a chain of a thousand deltas is rebuilt, in whatever order it comes', () => {
  const chain: Entry[] = [];
  let base = hello;
  for (let index = 0; index < 999; index += 1) {
    const next = Buffer.from(`${index} ${hello}`);
    chain.unshift(
      refDelta(
        base,
        encodeDelta(base.length, next.length, [Buffer.from(`${index} `), { offset: base.length - 13, length: 13 }]),
      ),
    );
    base = next;
  }
  expect(Object.keys(parse([...chain, helloBlob]))).toHaveLength(1_000);
});

test.each([
  ['by distance', ['--delta-base-offset']],
  ['by id', []],
])(
  "packs of Git's own client with deltas %s give every object",
  async (_how, args) => {
    const repository = await createRepository();
    const text = Array.from({ length: 3_000 }, (_, line) => `line ${line}: ${(line * 7_919) % 1_000}`).join('\n');
    for (let version = 1; version <= 5; version += 1)
      await repository.commit({ 'a.txt': `${text}\n${version}`, [`b/${version}`]: `${version}` });
    await repository.git('tag', '--annotate', '--message=x', 'v1');
    const objects = await repository.git('rev-list', '--objects', '--all', '--no-object-names');
    const pack = (...more: string[]) =>
      repository.gitBytes(
        ['pack-objects', '--stdout', '--quiet', ...args, ...more],
        Buffer.from(`${objects}
`),
      );
    const small = await pack();
    expect(small.length).toBeLessThan((await pack('--window=0')).length / 2);
    const parsed = parsePack(small, options);
    expect([...parsed.keys()].sort()).toEqual(objects.split('\n').sort());
    expect([...parsed.values()].map(oidOf)).toEqual([...parsed.keys()]);
    await repository.remove();
  },
  30_000,
);

test.each<[string, () => Buffer, string]>([
  ['is empty', () => Buffer.alloc(0), 'ends too early (at byte 0)'],
  ['is something else', () => Buffer.from('<html>'.repeat(20)), 'does not begin with PACK'],
  ['has another version', () => seal(Buffer.from('PACK\0\0\0\x04\0\0\0\0', 'latin1')), 'has version 4; 2 is known'],
  [
    'was changed',
    () => Buffer.from(buildPack([helloBlob]).map((byte, index) => (index === 15 ? byte ^ 1 : byte))),
    'does not match its checksum; it was cut off or changed on its way',
  ],
  ['has fewer objects than it says', () => buildPack([helloBlob], 2), `ends too early (at byte ${12 + helloSize})`],
  [
    'has more objects than it says',
    () => buildPack([helloBlob, helloBlob], 1),
    `continues after its last object (at byte ${12 + helloSize})`,
  ],
  [
    'has an unknown kind of object',
    () => buildPack([{ code: 5, content: hello }]),
    'has an object of the unknown type 5 (at byte 13)',
  ],
  [
    'has an object that is longer than it says',
    () => buildPack([{ ...helloBlob, declaredSize: 12 }]),
    'has an object that cannot be inflated to its declared size (at byte 13)',
  ],
  [
    'has an object that is shorter than it says',
    () => buildPack([{ ...helloBlob, declaredSize: 14 }]),
    'has an object that cannot be inflated to its declared size (at byte 13)',
  ],
  [
    'has a delta whose base is not there',
    () => buildPack([refDelta(hello, toThere)]),
    `has a delta without its base ${oid('blob', hello)}`,
  ],
  [
    'has a delta whose base is in the middle of an object',
    () => buildPack([helloBlob, ofsDelta(helloSize - 1, toThere)]),
    'has a delta without its base @13',
  ],
  [
    'has a delta whose base lies before the pack',
    () => buildPack([ofsDelta(1_000, toThere)]),
    'has a delta whose base lies before its start (at byte 16)',
  ],
])('a pack that %s is GitProtocol', (_situation, pack, why) => {
  expect(() => parsePack(pack(), options)).toThrow(
    expect.objectContaining({ code: 'GitProtocol', message: `https://git.example/shop: the pack ${why}` }),
  );
});

test.each<[string, readonly Entry[], string]>([
  [
    'more objects than allowed',
    Array.from({ length: 1_001 }, () => helloBlob),
    'packObjects would be 1001; the limit is 1000',
  ],
  [
    'a bomb: an object that inflates to more than allowed',
    [{ code: BLOB, content: Buffer.alloc(1_000_001) }],
    'objectBytes would be 1000001; the limit is 1000000',
  ],
  [
    'an object that declares more than memory has',
    [{ ...helloBlob, declaredSize: 2 ** 45 }],
    'objectBytes would be 35184372088832; the limit is 1000000',
  ],
  [
    'a delta that grows beyond what is allowed',
    [helloBlob, refDelta(hello, encodeDelta(hello.length, 2 ** 40, []))],
    'objectBytes would be 1099511627776; the limit is 1000000',
  ],
  [
    'objects that together inflate to more than allowed',
    Array.from({ length: 6 }, () => ({ code: BLOB, content: Buffer.alloc(1_000_000) })),
    'inflatedBytes would be 6000000; the limit is 5000000',
  ],
])('a pack with %s is SourceTooLarge and names the limit (security case 12)', (_situation, entries, why) => {
  expect(() => parse(entries)).toThrow(
    expect.objectContaining({ code: 'SourceTooLarge', message: expect.stringContaining(why) }),
  );
});

test('however a pack is changed, it gives proven objects or a DriftlessError', () => {
  const sound = buildPack([helloBlob, firstDelta, refDelta(there, toTwice)]).subarray(0, -20);
  const change = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255), cut: fc.nat(sound.length) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(sound);
      for (const { at, byte } of changes) bytes[at] = byte;
      const pack = seal(changes.length > 3 ? bytes.subarray(0, changes[0]?.cut) : bytes);
      try {
        for (const [id, object] of parsePack(pack, options)) expect(oidOf(object)).toBe(id);
      } catch (error) {
        expect(error).toBeInstanceOf(DriftlessError);
      }
    }),
    { numRuns: 500 },
  );
});

test('G1: an object keeps no memory but its own', () => {
  const sizes = [...parsePack(buildPack([helloBlob, refDelta(hello, toThere)]), options).values()];
  expect(sizes.map(({ bytes }) => [bytes.length, bytes.buffer.byteLength])).toEqual([
    [13, 13],
    [13, 13],
  ]);
});
