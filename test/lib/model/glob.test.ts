import fc from 'fast-check';
import { matchesGlob } from '../../../lib/model/glob.ts';

test.each([
  ['shop', 'shop', true],
  ['shop', 'shops', false],
  ['shop*', 'shop', true],
  ['*shop', 'my-shop', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['ab*ba', 'aba', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['**', 'a/b', true],
  ['a.c', 'abc', false],
  ['a?c', 'abc', false],
])('the glob "%s" and the text "%s" match: %s', (glob, text, expected) => {
  expect(matchesGlob(glob, text)).toBe(expected);
});

test('a glob matches what the regular expression of the same meaning matches', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, texts, (glob, text) => {
      expect(matchesGlob(glob, text)).toBe(new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(text));
    }),
    { numRuns: 1000 },
  );
});

test('a glob of many stars is not slow (security case 23)', () => {
  expect(matchesGlob(`${'*a'.repeat(1000)}*b`, 'a'.repeat(100_000))).toBe(false);
});
