import fc from 'fast-check';
import { diffObjects } from '../../../lib/diff/diff.ts';
import { formatFieldChange } from '../../../lib/diff/format.ts';
import { integerValue, parseJson } from '../../../lib/model/exact-json.ts';
import { stableHash } from '../../../lib/model/stable-hash.ts';
import { visibleJson } from '../../../lib/model/visible-text.ts';

test.each<[string, string, unknown]>([
  ['a small integer', '3', 3],
  ['the largest safe one', '9007199254740991', 9007199254740991],
  ['one that a double has', '9007199254740992', 9007199254740992],
  ['one that it would round', '9007199254740993', 9007199254740993n],
  ['the largest of 64 bits', '9223372036854775807', 9223372036854775807n],
  ['the smallest', '-9223372036854775808', -9223372036854775808n],
  ['a float', '1.0', 1],
  ['a float with many digits', '1234567890123456.5', 1234567890123456.5],
  ['digits in a text', '": 9007199254740993"', ': 9007199254740993'],
])('%s, %s, is parsed', (_case, text, value) => {
  expect(parseJson(text)).toBe(value);
  expect(parseJson(`{"a":[${text}]}`)).toEqual({ a: [value] });
});

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('every 64-bit integer is read and written with its digits, wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(int64, { minLength: 1 }), fc.string(), (integers, key) => {
      const text = JSON.stringify({ [key]: integers.map(integerValue), nested: [{ last: integers.at(-1) }] });
      expect(text).toContain(`[${integers.join(',')}]`);
      expect(JSON.stringify(parseJson(text))).toBe(text);
      expect(visibleJson(parseJson(text)).length).toBeGreaterThanOrEqual(text.length);
    }),
  );
});

test('two integers that one double stands for are told apart by hash and diff', () => {
  const [one, other] = [parseJson('{"spec":{"id":9007199254740993}}'), parseJson('{"spec":{"id":9007199254740992}}')];
  expect(stableHash(one)).not.toBe(stableHash(other));
  const meta = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
  const [live, wanted] = [one, other].map((spec) => Object.assign({ ...meta }, spec));
  expect(live && wanted && diffObjects(live, wanted).map(formatFieldChange)).toEqual([
    'spec.id: 9007199254740993 → 9007199254740992',
  ]);
});

test('every other value is parsed as ever, and keeps its hash', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      expect(stableHash(parseJson(text))).toBe(stableHash(JSON.parse(text)));
    }),
  );
});
