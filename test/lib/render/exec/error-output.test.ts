import { safeErrorOutput } from '../../../../lib/render/exec/error-output.ts';

const replacements = [
  { path: '/tmp/x/source/', name: '' },
  { path: '/tmp/x/source', name: '.' },
];

test.each([
  ['paths of the machine', 'Error: open /tmp/x/source/a/b.yaml: no such file', 'open a/b.yaml: no such file'],
  ['warnings', '# Warning: bases is deprecated\nWARNING: x\nlevel=WARN msg=y\nerror: real reason\n', 'real reason'],
  ['advice and blank lines', 'Error: a\n\nUse --debug flag to render out invalid YAML\n', 'a'],
  ['nothing', '# Warning\n', 'the tool gave no reason'],
  ['a patch', 'x [patch: "a: \\"hunter2\\"\\n"] y', 'x [patch: …] y'],
  ['a patch that was quoted twice', 'x [patch: \\"a: \\\\\\"hunter2\\\\\\"\\"] y', 'x [patch: …] y'],
  ['a configuration over several lines', 'x config: `\na: hunter2\n`: y', 'x config: `…`: y'],
  [
    'a literal',
    'literal sources [hunter2\nx a=b]: invalid literal source hunter2\nx, expected key=value',
    'literal sources […]: invalid literal source …, expected key=value',
  ],
  ['a patch without an end', 'x [patch: "a: hunter2', 'x [patch: …]'],
  ['a configuration without an end', 'x config: `\na: hunter2', 'x config: `…`'],
  [
    'a literal without an end',
    'literal sources [hunter2\nx a=b]: invalid literal source hunt',
    'literal sources […]: invalid literal source …',
  ],
  ['more than five lines', 'a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\ne'],
  ['an endless line', 'a'.repeat(2000), `${'a'.repeat(1000)}…`],
])('of %s only the useful part stays', (_what, output, expected) => {
  expect(safeErrorOutput(output, replacements)).toBe(expected);
});

test.each([
  ['patches', '[patch: \\"'],
  ['literals', 'literal sources [x]: invalid literal source '],
  ['back ticks', '`'],
])('64 kB of the beginnings of %s are cleaned at once (security case 12)', (_what, beginning) => {
  const before = process.cpuUsage();
  safeErrorOutput(beginning.repeat(65_536 / beginning.length), []);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});
