import { parseManifests, parseRenderedChart } from '../../../lib/render/parse.ts';

const RENDERED = `---
# Source: db/templates/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
# Source: db/templates/b.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
  name: c
data:
  x: "1"
  x: "2"
`;

const place = (offset: number) => ({
  file: `offset ${offset < RENDERED.indexOf('db/templates/b') ? 'a' : 'b'}`,
  line: RENDERED.slice(RENDERED.indexOf('b.yaml\n') + 7, offset).split('\n').length,
});

test('P13: a key that stands twice in what a chart prints is a warning with file and line, and the last one counts', () => {
  const warnings: string[] = [];
  const manifests = parseRenderedChart(RENDERED, place, (warning) => warnings.push(warning));
  expect(manifests.map(({ object }) => [object.metadata.name, object.data])).toEqual([
    ['a', undefined],
    ['c', { x: '2' }],
  ]);
  expect(manifests[1]).not.toHaveProperty('line');
  expect(warnings).toEqual([
    'offset b: duplicate key "name" in line 5 of its rendering; the last one counts',
    'offset b: duplicate key "x" in line 8 of its rendering; the last one counts',
  ]);
});

test('P13: what else is wrong in a chart stays an error, and so does a key that stands twice in own YAML', () => {
  expect(() =>
    parseRenderedChart(
      'a: 1\na: [\n',
      () => ({ file: 'x', line: 1 }),
      () => undefined,
    ),
  ).toThrow('x:');
  expect(() => parseManifests(RENDERED, 'own.yaml')).toThrow('own.yaml:12: duplicate key "name"');
});
