import { ANNOTATIONS, type Annotation, meaningIn, statedIn } from '../../../lib/dialects/annotations.ts';

const annotated = (annotations?: Record<string, string>) => ({
  metadata: { name: 'x', ...(annotations && { annotations }) },
});

const table: readonly Annotation<'red' | 'blue'>[] = [
  { tool: 'Argo CD', name: 'argo', form: 'list', values: { Red: 'red', Blue: 'blue' } },
  { tool: 'Flux', name: 'flux', form: 'any case', values: { red: 'red' } },
  { tool: 'Driftless', name: 'own', values: { red: 'red', blue: 'blue' } },
];

test.each([
  ['none without annotations', undefined, []],
  ['none for an annotation that the table does not list', { other: 'red' }, []],
  ['one for each word of a list', { argo: ' Blue,,Red ' }, ['argo Blue blue', 'argo Red red']],
  ['one without a meaning for an unknown value', { argo: 'red' }, ['argo red undefined']],
  ['none that a JavaScript object has by itself', { own: 'constructor' }, ['own constructor undefined']],
  ['one for a word in any case', { flux: 'RED' }, ['flux red red']],
  ['none with a meaning for a word in another case', { own: 'RED' }, ['own RED undefined']],
  ['those of several tools in the order of the table', { own: 'red', argo: 'Blue' }, ['argo Blue blue', 'own red red']],
])('an object states %s', (_what, annotations, stated) => {
  const found = statedIn(annotated(annotations), table);
  expect(found.map(({ name, value, meaning }) => `${name} ${value} ${meaning}`)).toEqual(stated);
});

test.each([
  ['nothing without annotations', undefined, undefined],
  ['what the first tool says', { own: 'red', argo: 'Blue' }, 'blue'],
  ['what the next tool says where the first has no accepted value', { own: 'red', argo: 'Green' }, 'red'],
])('an object means %s', (_what, annotations, meaning) => {
  expect(meaningIn(annotated(annotations), table)).toBe(meaning);
});

test('an annotation is in the table once', () => {
  const names = Object.values(ANNOTATIONS).flatMap((rows) => rows.map(({ name }) => name));
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});
