// Selectors in the syntax of Kubernetes.
import { parseSelector } from '../../../lib/queries/label-selector.ts';

const labels = { team: 'a', env: 'prod', 'example.com/tier': '3', empty: '' };

test.each([
  ['', true],
  ['team=a', true],
  ['team==a', true],
  ['team = a', true],
  ['team=b', false],
  ['team!=b', true],
  ['team!=a', false],
  ['other!=a', true],
  ['team', true],
  ['!team', false],
  ['! other', true],
  ['toString', false],
  ['team in (a,b)', true],
  ['team in ( a , b )', true],
  ['team notin (a,b)', false],
  ['other notin (a)', true],
  ['other in (a)', false],
  ['team=a,env!=prod', false],
  ['team=a,env in (prod, test),!legacy', true],
  ['example.com/tier>2', true],
  ['example.com/tier<3', false],
  ['team>1', false],
  ['empty=', true],
  ['empty in ()', true],
])('%j selects it: %s', (selector, expected) => {
  expect(parseSelector(selector)(labels)).toBe(expected);
});

test('what has no labels fits what asks for none', () => {
  expect(parseSelector('')(undefined)).toBe(true);
  expect(parseSelector('!team')(undefined)).toBe(true);
  expect(parseSelector('team')(undefined)).toBe(false);
});

test.each([
  ',',
  'team=a,',
  'team=a b',
  'team in a',
  'team in (a',
  '=a',
  'team=a=b',
  'team in (a;b)',
  '-team',
  'team>x',
  `${'x'.repeat(64)}=a`,
])('%j is refused, with the part that is wrong', (selector) => {
  expect(() => parseSelector(selector)).toThrow(/^selector: ".*" is no requirement; write team=a, env!=prod, /);
});

test('a selector that climbs through the pattern ends at once', () => {
  expect(() => parseSelector(`${'a.'.repeat(1_900)}!`)).toThrow(/is no requirement/);
});
