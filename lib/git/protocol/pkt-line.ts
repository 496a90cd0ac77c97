// In: the bytes of a response, in chunks of any size. Out: its pkt-lines, one at a time. May go wrong: an invalid length, an end within a
// line; both are GitProtocol.
import { DriftlessError } from '../../errors.ts';

/** One line of Git's wire format; the three special ones carry nothing. */
export type Pkt =
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'flush' }
  | { readonly kind: 'delim' }
  | { readonly kind: 'end' };

const HEADER = 4;
const LARGEST = 65_520;
const SPECIAL: Readonly<Record<number, Pkt>> = { 0: { kind: 'flush' }, 1: { kind: 'delim' }, 2: { kind: 'end' } };

export const FLUSH = Buffer.from('0000');
export const DELIM = Buffer.from('0001');

/** Frames one line; the longest that Git allows is 65516 bytes. */
export function encodePkt(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = bytes.length + HEADER;
  if (length > LARGEST) throw new DriftlessError('Internal', `pkt-line of ${bytes.length} bytes; the limit is 65516`);
  return Buffer.concat([Buffer.from(length.toString(16).padStart(HEADER, '0')), bytes]);
}

/** Reads lines as they arrive; holds one line and one chunk at most. The subject begins every error. */
export async function* readPkts(chunks: AsyncIterable<Uint8Array>, subject: string): AsyncGenerator<Pkt> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    let offset = 0;
    for (let length = lengthAt(rest, offset, subject); offset + length <= rest.length; ) {
      yield SPECIAL[length] ?? { kind: 'data', bytes: rest.subarray(offset + HEADER, offset + length) };
      offset += Math.max(length, HEADER);
      length = lengthAt(rest, offset, subject);
    }
    rest = rest.subarray(offset);
  }
  if (rest.length > 0) throw new DriftlessError('GitProtocol', `${subject}: the response ends in the middle of a line`);
}

/** The length that the line at the offset declares, its header included; Infinity where the header is not there yet. */
function lengthAt(bytes: Buffer, offset: number, subject: string): number {
  if (bytes.length - offset < HEADER) return Number.POSITIVE_INFINITY;
  const digits = bytes.toString('latin1', offset, offset + HEADER);
  const length = /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  const legal = length <= 2 || (length >= HEADER && length <= LARGEST);
  if (!legal) {
    throw new DriftlessError(
      'GitProtocol',
      `${subject}: the response is not Git protocol; a line begins with ${JSON.stringify(digits)}`,
    );
  }
  return length;
}
