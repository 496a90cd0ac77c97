import fc from 'fast-check';
import { readYaml } from '../../../lib/render/yaml.ts';
import { anyText } from '../../builders/arbitrary-text.ts';

function valuesOf(text: string): unknown[] {
  const { documents, problems } = readYaml(text);
  expect(problems).toEqual([]);
  return documents.map(({ value }) => value);
}

test.each([
  ['several documents', 'a: 1\n---\nb: 2\n...\n---\nc: 3\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
  ['empty documents', '---\n# nothing\n---\n\n---\na: 1\n---\n', [{ a: 1 }]],
  ['a document that begins on its separator', '--- {a: 1}\n--- # comment\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['a directive', '%YAML 1.1\n---\na: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['a byte order mark', '\uFEFFa: 1\n', [{ a: 1 }]],
  ['Windows line ends', 'a: |\r\n  x\r\n  y\r\nb: 1\r\n', [{ a: 'x\ny\n', b: 1 }]],
  ['JSON with tabs', '{\n\t"a": {\n\t\t"b": [1, true, null]\n\t}\n}\n', [{ a: { b: [1, true, null] } }]],
  ['a surrogate pair in JSON', '{"a": "\\ud83d\\ude00\\/"}', [{ a: '😀/' }]],
  ['a bracket that closes below its key', 'a: [\n  1\n]\nb: {\nc: 2\n}\n', [{ a: [1], b: { c: 2 } }]],
  ['a quoted text that goes on at the margin', 'a: "x\ny"\n', [{ a: 'x y' }]],
  ['quoted numbers', 'a: \'0644\'\nb: "yes"\nc: !!str 5\n', [{ a: '0644', b: 'yes', c: '5' }]],
  ['tags that name a type', 'a: !!int "5"\nb: !!float 1\nc: !!map {}\nd: !!seq []\n', [{ a: 5, b: 1, c: {}, d: [] }]],
  ['keys that are numbers or booleans', '8080: a\nyes: b\n', [{ '8080': 'a', true: 'b' }]],
  ['an anchor', 'a: &x [1]\nb: *x\n', [{ a: [1], b: [1] }]],
  [
    'a merge, whose keys the mapping overrides',
    'a: &a {x: 1, z: 2}\nb:\n  x: 3\n  <<: *a\n',
    [{ a: { x: 1, z: 2 }, b: { x: 3, z: 2 } }],
  ],
  [
    'a merge of several',
    'a: &a {x: 1}\nb: &b {x: 2, w: 3}\nc: {<<: [*a, *b]}\n',
    [{ a: { x: 1 }, b: { x: 2, w: 3 }, c: { x: 1, w: 3 } }],
  ],
  ['block scalars', 'a: |+\n  x\n\nb: >-\n  y\n  z\n', [{ a: 'x\n\n', b: 'y z' }]],
])('%s is read', (_what, text, values) => {
  expect(valuesOf(text)).toEqual(values);
});

test.each([
  ['a tab', 'a:\n\tb: 1\n', 2, 'a tab is used for indentation; use spaces'],
  ['a tab at the very start', '\ta: 1\n', 1, 'a tab is used for indentation; use spaces'],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 'duplicate key "a"'],
  ['a duplicate key in another document', 'x: 1\n---\na:\n  b: 1\n  b: 2\n', 5, 'duplicate key "b"'],
  ['a null byte', 'a: 1\nb: \0\n', 2, 'contains a null byte, so it is not text; exclude binary files'],
  ['a control character', 'a: \u0007\n', 1, 'the stream contains non-printable characters'],
  ['a bracket that stays open', 'a: [1\n', 2, 'a bracket or a quote is not closed, or its lines are not indented'],
  ['two colons', 'a: b: c\n', 1, 'bad indentation of a mapping entry'],
  ['an unknown alias', 'a: *b\n', 1, 'alias "b" has no anchor before it'],
  ['an alias of an earlier document', 'a: &b 1\n---\na: *b\n', 3, 'alias "b" has no anchor before it'],
  ['an alias inside of its anchor', 'a: &b [*b]\n', 1, 'alias "b" is inside its own anchor'],
  ['a merge of a text', 'a:\n  <<: x\n', 2, 'only mappings can be merged with <<'],
  ['a key that is a list', '? [a]\n: b\n', 1, 'a key is a list or a mapping; write it as text'],
  ['a key that is null', '~: b\n', 1, 'a key is empty; quote it'],
  ['infinity', 'a: .inf\n', 1, 'infinity and NaN are no numbers in JSON; quote it if it is text'],
  ['a foreign tag', 'a: !vault x\n', 1, 'the tag !vault is not supported; remove it'],
  ['a tag that does not fit', 'a: !!int x\n', 1, 'the value does not fit its tag !!int'],
  ['a foreign tag on a list', 'a: !!set {x}\n', 1, 'the tag on a mapping is not supported; remove it'],
  ['deep nesting', `a: ${'['.repeat(300)}`, 1, 'nesting is deeper than 200 levels'],
])('%s is a problem with its line', (_what, text, line, message) => {
  const duplicate = message.startsWith('duplicate') && { duplicate: true };
  expect(readYaml(text).problems).toEqual([{ line, message, offset: expect.any(Number), ...duplicate }]);
});

test('a fault in one document does not hide the faults of the others', () => {
  const { documents, problems } = readYaml('a: [\n---\nb: 1\n---\n\tc: 1\n---\nd: 1\nd: 2\n');
  expect(documents.map(({ line }) => line)).toEqual([3, 7]);
  expect(problems.map(({ line }) => line)).toEqual([2, 5, 8]);
});

test('an alias bomb is refused before it explodes (security case 12)', () => {
  const names = 'bcdefghi'.split('');
  const bomb = names.map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]\n`);
  const { problems } = readYaml(`a: &a ["lol"]\n${bomb.join('')}`);
  expect(problems.map(({ message }) => message)).toEqual([
    'aliases expand to more than 1000000 characters; use fewer aliases',
  ]);
});

test('many lines that are indented too little end in an answer, not in endless reading', () => {
  const text = `a: [\n${'1,\n'.repeat(20_000)}]\n`;
  expect(readYaml(text).problems).toHaveLength(1);
});

test('a key named __proto__ is a key like any other', () => {
  const [value] = valuesOf('__proto__: {polluted: true}\n');
  expect(Object.keys(Object(value))).toEqual(['__proto__']);
  expect({}).not.toHaveProperty('polluted');
});

test('whatever JSON says is read as JSON reads it', () => {
  const withoutHugeNumbers = fc
    .jsonValue({ noUnicodeString: false })
    .filter((value) => !/\d{16}|e[+-]\d/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(withoutHugeNumbers, (value) => {
      const { documents, problems } = readYaml(JSON.stringify(value, null, 2));
      const read = documents[0]?.value ?? null;
      expect(problems).toEqual([]);
      expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(JSON.stringify(value))));
    }),
    { numRuns: 300 },
  );
});

test('no text makes the reader throw', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '\t',
    '{',
    '}',
    '[',
    ']',
    '&x ',
    '*x',
    '<<: ',
    '!!int ',
    '"',
    "'",
    '|',
    '>',
    '---\n',
    '#',
    ',',
    '0x',
    '\0',
    '%',
    '?',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, anyText), { maxLength: 40 }), (pieces) => {
      expect(readYaml(pieces.join(''))).toEqual(expect.objectContaining({ documents: expect.any(Array) }));
    }),
    { numRuns: 2000 },
  );
});
