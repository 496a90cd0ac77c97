import { cleanComplaint } from '../../../../lib/render/exec/complaint.ts';

const renamings = [
  { path: '/tmp/x/source/', name: '' },
  { path: '/tmp/x/source', name: '.' },
];

test.each([
  ['paths of the machine', 'Error: open /tmp/x/source/a/b.yaml: no such file', 'open a/b.yaml: no such file'],
  ['warnings', '# Warning: bases is deprecated\nWARNING: x\nlevel=WARN msg=y\nerror: real reason\n', 'real reason'],
  ['advice and blank lines', 'Error: a\n\nUse --debug flag to render out invalid YAML\n', 'a'],
  ['nothing', '# Warning\n', 'it gave no reason'],
  ['a patch', 'x [patch: "a: \\"hunter2\\"\\n"] y', 'x [patch: …] y'],
  ['a patch that was quoted twice', 'x [patch: \\"a: \\\\\\"hunter2\\\\\\"\\"] y', 'x [patch: …] y'],
  ['a configuration over several lines', 'x config: `\na: hunter2\n`: y', 'x config: `…`: y'],
  [
    'a literal',
    'literal sources [hunter2\nx a=b]: invalid literal source hunter2\nx, expected key=value',
    'literal sources […]: invalid literal source …, expected key=value',
  ],
  ['more than five lines', 'a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\ne'],
  ['an endless line', 'a'.repeat(2000), `${'a'.repeat(1000)}…`],
])('of %s only the useful part stays', (_what, complaint, expected) => {
  expect(cleanComplaint(complaint, renamings)).toBe(expected);
});
