import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { yamlText } from '../../cli/text/yaml-text.ts';
import { readYaml } from '../../lib/render/yaml.ts';
import { anyText } from '../builders/arbitrary-text.ts';
import { TRICKY } from './tricky-texts.ts';

const word = fc
  .oneof(
    fc.constantFrom(...TRICKY),
    anyText,
    fc.string({
      unit: fc.constantFrom(...'0123456789_.,:+-eExXbBoO \n\t#\'"\\-?!&*|>%@`[]{}=<~ynaf\u0085\u2028\u00a0'.split('')),
    }),
  )
  .map((text) => text.toWellFormed());

const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(1e21, 5e-324, 1e-7, 1.5e300),
  )
  .map((one) => (one === 0 ? 0 : one));

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    word,
    number,
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(
    word.filter((key) => key !== '__proto__'),
    tie('value'),
    { maxKeys: 4 },
  ),
})).value;

/** As a reader of this version reads it. */
const readers: readonly [string, (text: string) => unknown][] = [
  ['YAML 1.1', (text) => parse(text, { version: '1.1', merge: true })],
  ['YAML 1.2', (text) => parse(text, { version: '1.2' })],
  [
    'kubectl',
    (text) => {
      const { documents, problems } = readYaml(text);
      expect(problems).toEqual([]);
      return documents[0]?.value ?? null;
    },
  ],
];

describe.each(readers)('P5: read by a reader of %s', (_reader, read) => {
  test.each(TRICKY.map((text) => [JSON.stringify(text).slice(0, 60), text]))(
    '%s is the same text, as value, item and key',
    (_shown, text) => {
      const object = { a: text, [text]: 1, list: [text, [text], { b: text, [text]: text }] };
      expect(read(yamlText(object))).toEqual(object);
    },
  );

  test('any value is the same', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(read(yamlText(one))).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });
});

test('P5: documents behind one another are the same', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          word.filter((key) => key !== '__proto__'),
          word,
        ),
        { minLength: 1 },
      ),
      (all) => {
        const text = `${all.map(yamlText).join('\n---\n')}\n`;
        expect(parseAllDocuments(text, { version: '1.1' }).map((one) => one.toJS())).toEqual(all);
        expect(readYaml(text).documents.map((one) => one.value)).toEqual(all);
      },
    ),
  );
});

test('P5: nothing in it is obeyed by a terminal', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(yamlText(one)).not.toMatch(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('what needs no quotes has none, and lines stay lines', () => {
  const object = {
    image: 'registry.example/api:v1.2.3',
    args: ['--port=80', 'http://a:80/b'],
    memory: '10Gi',
    empty: {},
    none: [],
    nested: [[1, 2], [{ a: 1, b: [] }], []],
    json: '{"a":1}',
    script: '#!/bin/sh\necho a\n\techo b\n',
    end: 'a\nb',
    large: 9007199254740993n,
    float: 1e21,
  };
  expect(yamlText(object)).toBe(`image: registry.example/api:v1.2.3
args:
  - --port=80
  - http://a:80/b
memory: 10Gi
empty: {}
none: []
nested:
  - - 1
    - 2
  - - a: 1
      b: []
  - []
json: '{"a":1}'
script: |
  #!/bin/sh
  echo a
  \techo b
end: |-
  a
  b
large: 9007199254740993
float: 1.0e+21`);
});
