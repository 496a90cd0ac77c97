import { specHash } from '../../../lib/config/spec-hash.ts';
import { appOf } from './configs.ts';

const app = appOf({ source: { helm: { values: { a: 1, b: [{ c: 2, d: 3 }] } } } });

test('the hash of an application stays the same over time', () => {
  expect(specHash(app)).toBe('1bc9c0e274b305447599250fa48f6a24f82751bb53bd39228bad02e51d212fc1');
});

test('the order of fields does not matter', () => {
  const { name, ...rest } = app;
  const reordered = appOf({ source: { helm: { values: { b: [{ d: 3, c: 2 }], a: 1 } } } });
  expect([specHash({ ...rest, name }), specHash(reordered)]).toEqual([specHash(app), specHash(app)]);
});

test.each([
  ['the ref', { ...app, source: { ...app.source, ref: 'main' } }],
  ['an inline value', appOf({ source: { helm: { values: { a: 1, b: [{ c: 2, d: 4 }] } } } })],
  ['a list', { ...app, sync: { ...app.sync, pruneProtected: ['Namespace'] } }],
  ['an option', { ...app, sync: { ...app.sync, force: true } }],
])('%s matters', (_what, other) => {
  expect(specHash(other)).not.toBe(specHash(app));
});
