import { resolvePlain } from '../../../../lib/render/yaml/scalar.ts';

// Every row was compared with what sigs.k8s.io/yaml 1.6 answers.
test.each([
  ['an octal mode', '0644', 420],
  ['a signed octal number', '-0o17', -15],
  ['zeros', '00', 0],
  ['digits that are no octal', '089', 89],
  ['hexadecimal', '0x1F', 31],
  ['a binary number', '-0b101', -5],
  ['underscores between digits', '1_000', 1000],
  ['a sign', '+5', 5],
  ['minus zero', '-0', 0],
  ['minus zero as a float', '-0.0', 0],
  ['an exponent', '1e3', 1000],
  ['a float without digits in front', '.5', 0.5],
  ['a float without digits behind', '1.', 1],
  ['a commit id that looks like a float', '123e45', 1.23e47],
  ['the largest integer of a double', '9007199254740992', 9007199254740992],
  ['yes', 'yes', true],
  ['a lonely y', 'y', true],
  ['Off', 'Off', false],
  ['NO', 'NO', false],
  ['nothing', '', null],
  ['a tilde', '~', null],
])('%s (%s) becomes a value', (_what, text, value) => {
  expect(resolvePlain(text)).toBe(value);
});

test.each([
  ['base 60', '1:30'],
  ['a date', '2001-01-01'],
  ['a time', '2001-12-14T21:59:43Z'],
  ['a float out of range', '1e400'],
  ['a hexadecimal number of more than 64 bits', '0x1ffffffffffffffff'],
  ['half of a prefix', '0x'],
  ['a version', '1.2.3'],
  ['two dots', '..'],
  ['a leading underscore', '_1'],
  ['a dash', '-'],
  ['mixed case', 'tRUE'],
  ['a CPU quantity', '100m'],
  ['a number of 10,000 digits', '9'.repeat(10_000)],
])('%s stays text', (_what, text) => {
  expect(resolvePlain(text)).toBe(text);
});

test.each([
  ['an integer that a double would round', '9007199254740993', 9007199254740993n],
  ['a negative one', '-9007199254740993', -9007199254740993n],
  ['one with underscores', '9_007_199_254_740_993', 9007199254740993n],
  ['a hexadecimal one', '0x7fffffffffffffff', 9223372036854775807n],
  ['the largest 64-bit integer', '9223372036854775807', 9223372036854775807n],
  ['the smallest', '-9223372036854775807', -9223372036854775807n],
  ['the largest without a sign', '18446744073709551615', 18446744073709551615n],
  ['one that a double has', '9007199254740994', 9007199254740994],
  ['one of 65 bits, which is a float in Go', '18446744073709551616', 18446744073709552000],
  ['a float that is an integer', '1e16', 10000000000000000],
])('%s (%s) keeps its digits as far as kubectl does', (_what, text, value) => {
  expect(resolvePlain(text)).toBe(value);
});

test.each([
  ['infinity', '-.inf'],
  ['not a number', '.NaN'],
])('%s is refused, since JSON cannot carry it', (_what, text) => {
  expect(resolvePlain(text)).toBeUndefined();
});
