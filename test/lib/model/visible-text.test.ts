import fc from 'fast-check';
import { visible, visibleJson } from '../../../lib/model/visible-text.ts';

const OBEYED = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cc}\n\t]/u;
const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\x1b', '\n', '\u202e', '\u2028', '\u{e0041}', '\ud800'), fc.string()),
});

test.each([
  ['the title of a terminal', 'a\x1b]0;X\x07b', 'a\\x1b]0;X\\x07b'],
  ['a C1 control', 'a\x9bb', 'a\\x9bb'],
  ['another direction', 'abc\u202egnp.exe', 'abc\\u202egnp.exe'],
  ['nothing to see', 'a\u200b\ufeffb', 'a\\u200b\\ufeffb'],
  ['another line', 'a\u2028b', 'a\\u2028b'],
  ['a hidden tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['ordinary text of all countries', 'Grüße, 世界, שלום, 👋', 'Grüße, 世界, שלום, 👋'],
])('R7: %s is shown', (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('R7: lines and tabs stay in a text', () => {
  expect(visible('a\n\tb\rc')).toBe('a\n\tb\\rc');
});

test('R7: nothing in any text is obeyed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(visible(text)).not.toMatch(OBEYED);
      expect(visibleJson({ [text]: text })).not.toMatch(OBEYED);
    }),
  );
});

test('R7: JSON means the same afterwards', () => {
  fc.assert(fc.property(anyText, (text) => expect(JSON.parse(visibleJson([text]))).toEqual([text])));
});
