import fc from 'fast-check';
import { stableHash } from '../../../lib/model/stable-hash.ts';

test('a hash stays the same over time', () => {
  expect(stableHash({ b: [1, { d: null, c: 'x' }], a: true })).toBe('f124912702a4df295dd1287de9a38d91');
});

test.each([
  ['fields', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  ['fields in a list', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
  ['fields that look like numbers', { 10: 'a', 9: 'b', x: 1 }, { x: 1, 9: 'b', 10: 'a' }],
])('the order of %s does not matter', (_what, one, other) => {
  expect(stableHash(other)).toBe(stableHash(one));
});

test.each([
  ['a value', { a: 1 }, { a: 2 }],
  ['a type', { a: 1 }, { a: '1' }],
  ['a name', { a: 1 }, { b: 1 }],
  ['the order of a list', [1, 2], [2, 1]],
  ['where a field stands', { a: { b: 1 } }, { a: {}, b: 1 }],
  ['null', { a: null }, {}],
])('%s matters', (_what, one, other) => {
  expect(stableHash(other)).not.toBe(stableHash(one));
});

test('two values have the same hash exactly when they are the same JSON', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(json, json, (one, other) => {
      const copy: unknown = JSON.parse(JSON.stringify(one), (_key, value: unknown) => reversed(value));
      expect(stableHash(copy)).toBe(stableHash(one));
      expect(stableHash(one) === stableHash(other)).toBe(isEqual(one, other));
    }),
  );
});

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}

function isEqual(one: unknown, other: unknown): boolean {
  try {
    expect(JSON.parse(JSON.stringify(one))).toStrictEqual(JSON.parse(JSON.stringify(other)));
    return true;
  } catch {
    return false;
  }
}
