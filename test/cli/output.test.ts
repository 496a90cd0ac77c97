import { print, printError, printNote } from '../../cli/text/output.ts';
import { DriftlessError } from '../../lib/errors.ts';

const HOSTILE = 'a\x1b]0;X\x07\nerror: forged\u202e';

/** What is written to both streams while something is printed. */
function printed(work: () => void): string {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  let text = '';
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array): boolean => {
      text += chunk;
      return true;
    };
  work();
  for (const [place, stream] of streams.entries()) Object.assign(stream, { write: writes[place] });
  return text;
}

test.each<[string, () => void]>([
  ['a text', () => print('text', HOSTILE, () => HOSTILE)],
  ['a coloured text', () => print('text', HOSTILE, () => HOSTILE, { colours: true })],
  ['JSON', () => print('json', { [HOSTILE]: HOSTILE }, () => '')],
  ['a note', () => printNote(HOSTILE)],
  ['an error', () => printError(new DriftlessError('SourceRefused', HOSTILE))],
])('R7: %s of others is shown, not obeyed', (_what, work) => {
  expect(printed(work)).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

test('R7: a line in an error is not taken for an error or hint of ours', () => {
  expect(printed(() => printError(new DriftlessError('SourceRefused', HOSTILE)))).toMatch(
    /^error: a\\x1b\]0;X\\x07\n {2}error: forged\\u202e\nhint: [^\n]*\n$/,
  );
});

test('R7: JSON means the same', () => {
  expect(JSON.parse(printed(() => print('json', { [HOSTILE]: HOSTILE }, () => '')))).toEqual({ [HOSTILE]: HOSTILE });
});
