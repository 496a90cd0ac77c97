import { DriftlessError } from '../../errors.ts';

/** Reads bytes one after another; reading past the end is GitProtocol. */
export class ByteCursor {
  readonly bytes: Buffer;
  readonly subject: string;
  position: number;

  constructor(bytes: Buffer, subject: string, position = 0) {
    this.bytes = bytes;
    this.subject = subject;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw this.fault('ends too early');
    this.position += 1;
    return value;
  }

  /** The next bytes, not copied. */
  take(count: number): Buffer {
    if (count > this.bytes.length - this.position) throw this.fault('ends too early');
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  /** A number in groups of seven bits, lowest first, above the bits that are already read. */
  varint(low = 0, shift = 0): number {
    let value = low;
    for (let scale = 2 ** shift, more = true; more; scale *= 128) {
      if (scale > 2 ** 46) throw this.fault('has a number that is too large');
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      more = byte >= 0x80;
    }
    return value;
  }

  fault(what: string): DriftlessError {
    return new DriftlessError('GitProtocol', `${this.subject}: the pack ${what} (at byte ${this.position})`);
  }
}
