import fc from 'fast-check';
import { dump } from 'js-yaml';
import type { Source } from '../../lib/model/application.ts';
import type { FileTree } from '../../lib/model/source-tree.ts';
import { safeErrorOutput } from '../../lib/render/exec/error-output.ts';
import { hiddenValues } from '../../lib/render/hidden-values.ts';
import { assertComplete, sourceReferences } from '../../lib/render/inputs.ts';
import { parseManifests } from '../../lib/render/parse.ts';
import { readYaml } from '../../lib/render/yaml.ts';
import { CANARY, changed, corpus, type Target, target } from './target.ts';

const source: Source = { repo: 'https://git.example/shop', ref: 'main', path: 'app/prod' };
const folders = ['app/base/kustomization.yaml', 'app/prod/a.yaml', 'common/Chart.yaml', 'app/prod/values.yaml'];

function treeWith(path: string, bytes: Uint8Array): FileTree {
  return new Map([...folders.map((file) => [file, Buffer.from('a: 1\n')] as const), [path, bytes]]);
}

/** Whatever the files say, nothing outside of the repository is referred to. */
function refer(options: Partial<Source>, files: FileTree): void {
  const references = sourceReferences({ ...source, ...options }, files);
  const outside = references.find(({ path }) => path.startsWith('/') || path.split('/').includes('..'));
  if (outside !== undefined) throw new Error(`${outside.path} is outside`);
  assertComplete(references, files);
}

/** Manifests with a secret in values of any kind and place, and one fault. */
const values = fc.oneof(
  fc.constant<unknown>(CANARY),
  fc.constant<unknown>(Buffer.from(CANARY).toString('base64')),
  fc.string().map<unknown>((text) => `${text}${CANARY}`),
  fc.constant<unknown>([CANARY, { a: CANARY }]),
  fc.constant<unknown>(`line\n${CANARY}\nline`),
);
const faults = fc.constantFrom<readonly [object, string]>(
  [{ kind: undefined }, ''],
  [{ apiVersion: undefined }, ''],
  [{ metadata: undefined }, ''],
  [{ metadata: { name: 7 } }, ''],
  [{}, 'a: [\n'],
  [{}, 'a: 1\na: 2\n'],
  [{}, '\tb: 1\n'],
  [{}, 'c: *nothing\n'],
  [{}, 'd: {e: !!int x}\n'],
  [{}, '"\n'],
);
const secrets = fc
  .record({
    data: fc.dictionary(fc.constantFrom('a', 'b', 'c'), values),
    annotation: values,
    fault: faults,
    flowLevel: fc.integer({ min: -1, max: 3 }),
    beneath: fc.boolean(),
  })
  .map(({ data, annotation, fault: [fields, text], flowLevel, beneath }) => {
    const metadata = { name: 's', annotations: { x: annotation } };
    const whole = dump(
      { apiVersion: 'v1', kind: 'Secret', metadata, data, ...fields },
      { flowLevel, skipInvalid: true },
    );
    return beneath ? `${whole}${text}` : `${text}${whole}`;
  });

/** What tools say, made of the words that are looked for in it. */
const words = fc.constantFrom(
  '[patch: "',
  '\\"',
  '"]',
  '`',
  'literal sources [',
  ']: invalid literal source ',
  ', expected',
  '\n',
  'x',
  '\\',
);
const complaints = fc
  .record({ parts: fc.array(words, { minLength: 1, maxLength: 12 }), times: fc.integer({ min: 1, max: 3_000 }) })
  .map(({ parts, times }) => parts.join('').repeat(times).slice(0, 65_536));

export const renderTargets: readonly Target[] = [
  target('yaml', changed(corpus('manifest')), (bytes) => {
    readYaml(bytes.toString('latin1'));
    parseManifests(bytes, 'a.yaml');
  }),
  target('secret-manifest', secrets, (text) => {
    parseManifests(text, 'a.yaml');
    return readYaml(text).problems;
  }),
  target('kustomization', changed(corpus('kustomization')), (bytes) =>
    refer({}, treeWith('app/prod/kustomization.yaml', bytes)),
  ),
  target('remote-kustomization', changed(corpus('kustomization')), (bytes) =>
    refer({ kustomize: { allowRemoteBases: true } }, treeWith('app/prod/kustomization.yaml', bytes)),
  ),
  target('chart', changed(corpus('chart')), (bytes) => refer({}, treeWith('app/prod/Chart.yaml', bytes))),
  target('values', fc.record({ bytes: changed(corpus('chart')), file: fc.string() }), ({ bytes, file }) => {
    hiddenValues('app/prod', treeWith('app/prod/values.yaml', bytes), { valueFiles: [], includeCRDs: true });
    refer({ helm: { valueFiles: [file], includeCRDs: true } }, treeWith('app/prod/Chart.yaml', bytes));
  }),
  target('complaint', complaints, (text) => {
    safeErrorOutput(text, []);
  }),
];
