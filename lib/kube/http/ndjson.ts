import { DriftlessError } from '../../errors.ts';

/** The API server accepts objects of at most 3 MB, so a longer line is no event. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The complete lines of a stream; what follows the last newline is dropped. */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString('utf8');
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    parts.push(rest);
    size += rest.length;
    if (size > MAX_LINE_BYTES)
      throw new DriftlessError('ApiServerRejected', `watch: an event is longer than ${MAX_LINE_BYTES} bytes`);
  }
}
