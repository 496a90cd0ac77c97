// In: a kustomization file. Out: everything in it that names something else. What may go wrong: ManifestInvalid for faults of syntax,
// RenderFailed for charts in a kustomization. Field by field after kustomize 5.8 (api/types, api/internal/target).
import { DriftlessError } from '../errors.ts';
import { manifestsOf } from './parse.ts';
import { isMapping, mappingsIn, textsIn } from './shape.ts';
import { readYaml } from './yaml.ts';

/** A path or URL that a kustomization names. Only `base` may be a folder, and only it may lie outside of the kustomization's own folder. */
export type Entry = { readonly field: string; readonly value: string; readonly kind: 'base' | 'file' };

const BASES = ['resources', 'bases', 'components'];
const INLINE_OR_BASES = ['generators', 'transformers', 'validators'];
const FILES = ['crds', 'configurations'];
const CHARTS = ['helmCharts', 'helmChartInflationGenerator'];

/** Lists what a kustomization refers to, in the order of kustomize's fields. */
export function kustomizationEntries(text: string, file: string): readonly Entry[] {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0)
    manifestsOf([
      { manifests: [], problems: problems.map(({ line, message }) => ({ file, line, message, foreign: false })) },
    ]);
  const kustomization = documents[0]?.value;
  if (!isMapping(kustomization)) return [];
  const chart = CHARTS.find((field) => kustomization[field] !== undefined);
  if (chart !== undefined)
    throw new DriftlessError(
      'RenderFailed',
      `${file}: ${chart} is not supported; deploy the chart as an application of its own with spec.source.helm`,
    );
  return [
    ...BASES.flatMap((field) => entries('base', field, textsIn(kustomization[field]))),
    ...INLINE_OR_BASES.flatMap((field) => entries('base', field, textsIn(kustomization[field]).filter(isNoYaml))),
    ...FILES.flatMap((field) => entries('file', field, textsIn(kustomization[field]))),
    ...entries('file', 'patchesStrategicMerge', textsIn(kustomization['patchesStrategicMerge']).filter(isNoYaml)),
    ...['patches', 'patchesJson6902', 'replacements'].flatMap((field) =>
      entries('file', field, textsIn(mappingsIn(kustomization[field]).map(({ path }) => path))),
    ),
    ...entries(
      'file',
      'openapi',
      textsIn([isMapping(kustomization['openapi']) ? kustomization['openapi']['path'] : undefined]),
    ),
    ...['configMapGenerator', 'secretGenerator'].flatMap((field) =>
      mappingsIn(kustomization[field]).flatMap((generator) => entries('file', field, generatorFiles(generator))),
    ),
  ];
}

function entries(kind: Entry['kind'], field: string, values: readonly string[]): Entry[] {
  return values.map((value) => ({ kind, field, value }));
}

/** Kustomize takes such a text for inline YAML first, and for a path only when it is none. */
function isNoYaml(text: string): boolean {
  const { documents, problems } = readYaml(text);
  return problems.length > 0 || documents.every(({ value }) => typeof value === 'string');
}

/** `files` are `path` or `key=path`. */
function generatorFiles({ files, envs, env }: Record<string, unknown>): string[] {
  return [
    ...textsIn(files).map((source) => source.slice(source.indexOf('=') + 1)),
    ...textsIn(envs),
    ...textsIn([env]),
  ];
}
