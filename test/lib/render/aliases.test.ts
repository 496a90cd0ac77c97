import { assertFewAliases } from '../../../lib/render/aliases.ts';
import { treeOf } from './fixture.ts';

/** Eleven levels of nine aliases each: 600 bytes that stand for 31 billion texts. */
const BOMB = Array.from({ length: 11 }, (_, level) => {
  const items = level === 0 ? Array(9).fill('lol') : Array(9).fill(`*l${level - 1}`);
  return `l${level}: &l${level} [${items.join(', ')}]`;
}).join('\n');

test.each(['app/a.yaml', 'app/a.yml', 'app/values.json', 'other/Kustomization', 'chart/templates/a.yaml'])(
  'R3: %s may not stand for more than a million characters by alias',
  (path) => {
    expect(() => assertFewAliases(treeOf({ [path]: BOMB }), [])).toThrow(
      new RegExp(`^${path}:\\d+: aliases expand to more than 1000000 characters; use fewer aliases$`),
    );
  },
);

test('R3: a referenced file counts as YAML, whatever its name is', () => {
  expect(() => assertFewAliases(treeOf({ 'app/patch.txt': BOMB }), ['app/patch.txt'])).toThrow(/^app\/patch\.txt:/);
});

test.each([
  ['a file that nothing reads as YAML', { 'README.md': BOMB }],
  ['ordinary aliases', { 'a.yaml': 'a: &a {x: 1}\nb: *a\nc: {<<: *a}\n' }],
  ['a template that is no YAML yet', { 'templates/a.yaml': '{{ if and .a .b }}\na: &a 1\n{{ end }}\nb: *a\n' }],
])('%s is let through', (_what, texts) => {
  expect(() => assertFewAliases(treeOf(texts), [])).not.toThrow();
});
