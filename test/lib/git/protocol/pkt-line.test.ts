import fc from 'fast-check';
import { DELIM, encodePkt, FLUSH, type Pkt, readPkts } from '../../../../lib/git/protocol/pkt-line.ts';

async function read(chunks: readonly Uint8Array[]): Promise<(string | Buffer)[]> {
  const source = async function* () {
    yield* chunks;
  };
  const pkts: Pkt[] = [];
  for await (const pkt of readPkts(source(), 'answer'))
    pkts.push(pkt.kind === 'data' ? { ...pkt, bytes: Buffer.from(pkt.bytes) } : pkt);
  return pkts.map((pkt) => (pkt.kind === 'data' ? pkt.bytes : pkt.kind));
}

test('what was framed is read again, in chunks of whatever size', async () => {
  const line = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const special = fc.constantFrom('flush' as const, 'delim' as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(line, special), { maxLength: 12 }),
      fc.integer({ min: 1, max: 400 }),
      async (lines, size) => {
        const frames = { flush: FLUSH, delim: DELIM };
        const stream = Buffer.concat(lines.map((each) => (typeof each === 'string' ? frames[each] : encodePkt(each))));
        const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
          stream.subarray(index * size, (index + 1) * size),
        );
        expect(await read(chunks)).toEqual(lines.map((each) => (typeof each === 'string' ? each : Buffer.from(each))));
      },
    ),
  );
});

test('the longest line that Git allows is 65516 bytes', async () => {
  const longest = Buffer.alloc(65_516, 'x');
  expect(await read([encodePkt(longest)])).toEqual([longest]);
  expect(() => encodePkt(Buffer.alloc(65_517))).toThrow(expect.objectContaining({ code: 'Internal' }));
});

test.each([
  ['is no number', '00zz', 'a line begins with "00zz"'],
  ['is signed', '+00a', 'a line begins with "+00a"'],
  ['is too small', '0003', 'a line begins with "0003"'],
  ['is too large', 'fff1', 'a line begins with "fff1"'],
  ['is that of a web page', '<html></html>', 'a line begins with "<htm"'],
  ['is cut off', '00', 'ends in the middle of a line'],
  ['is longer than the answer', '0010abc', 'ends in the middle of a line'],
])('a length that %s is GitProtocol', async (_situation, stream, why) => {
  await expect(read([Buffer.from(stream)])).rejects.toMatchObject({
    code: 'GitProtocol',
    message: expect.stringContaining(why),
  });
});
