import type { Source } from '../../../lib/model/application.ts';
import { sourceReferences } from '../../../lib/render/inputs.ts';
import { sourceOf, treeOf } from './fixture.ts';

function pathsOf(source: Partial<Source>, texts: Record<string, string>): string[] {
  return sourceReferences(sourceOf(source), treeOf(texts)).map(({ path }) => path);
}

const GENERATES = 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\n';

test.each<[string, Record<string, string>]>([
  ['a file', { 'app/kustomization.yaml': 'generators: [g.yaml]', 'app/g.yaml': `${GENERATES}files: ["k=U"]` }],
  [
    'the second document',
    { 'app/kustomization.yaml': 'generators: [g.yaml]', 'app/g.yaml': `a: 1\n---\n${GENERATES}envs: [U]` },
  ],
  ['the list itself', { 'app/kustomization.yaml': `generators: [${JSON.stringify(`${GENERATES}env: U`)}]` }],
  ['a patch', { 'app/kustomization.yaml': 'transformers: [t.yaml]', 'app/t.yaml': 'kind: PatchTransformer\npath: U' }],
  [
    'a JSON patch',
    { 'app/kustomization.yaml': 'transformers: [t.yaml]', 'app/t.yaml': 'kind: PatchJson6902Transformer\npath: U' },
  ],
  [
    'patches',
    {
      'app/kustomization.yaml': 'validators: [t.yaml]',
      'app/t.yaml': 'kind: PatchStrategicMergeTransformer\npaths: [U]',
    },
  ],
  [
    'replacements',
    {
      'app/kustomization.yaml': 'transformers: [t.yaml]',
      'app/t.yaml': 'kind: ReplacementTransformer\nreplacements: [{path: U}]',
    },
  ],
  [
    'a list of plugins',
    {
      'app/kustomization.yaml': 'generators: [g.yaml]',
      'app/g.yaml': `kind: List\nitems: [{kind: SecretGenerator, files: [U]}]`,
    },
  ],
  [
    'a folder',
    {
      'app/kustomization.yaml': 'generators: [../p]',
      'p/kustomization.yaml': 'resources: [g.yaml]',
      'p/g.yaml': `${GENERATES}files: [U]`,
    },
  ],
  [
    'a base',
    {
      'app/kustomization.yaml': 'resources: [../b]',
      'b/kustomization.yaml': 'generators: [g.yaml]',
      'b/g.yaml': `${GENERATES}files: [U]`,
    },
  ],
])('R1: an address in the configuration of a plugin is refused, in %s', (_where, texts) => {
  const filled = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, text.replace(/\bU\b/, 'http://127.0.0.1:9001/x')]),
  );
  expect(() => pathsOf({ path: 'app' }, filled)).toThrow(/"http:\/\/127\.0\.0\.1:9001\/x" is remote; copy it into/);
});

test('R1: the files of a plugin lie in the folder of the kustomization that names it, and nowhere outside', () => {
  const folder = { 'p/kustomization.yaml': 'resources: [g.yaml]', 'p/g.yaml': `${GENERATES}files: [a, k=b/c]` };
  const texts = { 'app/kustomization.yaml': 'generators: [../p]', ...folder };
  expect(pathsOf({ path: 'app' }, texts)).toEqual(['p', 'app/a', 'app/b/c', 'p/g.yaml']);
  const outside = { ...texts, 'p/g.yaml': `${GENERATES}files: [../../../etc/passwd]` };
  expect(() => pathsOf({ path: 'app' }, outside)).toThrow(/is outside the repository/);
});

test('R1: a kustomization that changes plugin configurations is refused', () => {
  const texts = {
    'app/kustomization.yaml': 'generators: [../p]',
    'p/kustomization.yaml': 'resources: [g.yaml]\npatches: [{patch: "x"}]',
  };
  expect(() => pathsOf({ path: 'app' }, texts)).toThrow(
    /^p\/kustomization\.yaml: patches changes plugin configurations/,
  );
});
