// In: a kustomization file. Out: everything that it refers to. What may go wrong: ManifestInvalid for syntax errors,
// RenderFailed for charts in a kustomization. Field by field after kustomize 5.8 (api/types, api/internal/target).
import { DriftlessError } from '../errors.ts';
import { manifestsOf } from './parse.ts';
import { keyValueFiles, PLUGIN_FIELDS, pluginFiles } from './plugins.ts';
import { isMapping, mappingsIn, textsIn } from './shape.ts';
import { readYaml } from './yaml.ts';

/** A path or URL that a kustomization names. Only `base` and `plugin` may be folders, and only they may be outside the kustomization's folder. */
export type Entry = {
  readonly field: string;
  readonly value: string;
  /** A `plugin` is a file with plugin configurations, or a folder of such files. */
  readonly kind: 'base' | 'file' | 'plugin';
};

const BASES = ['resources', 'bases', 'components'];
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
    ...PLUGIN_FIELDS.flatMap((field) => pluginEntries(field, textsIn(kustomization[field]), file)),
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
      mappingsIn(kustomization[field]).flatMap((generator) => entries('file', field, keyValueFiles(generator))),
    ),
  ];
}

function entries(kind: Entry['kind'], field: string, values: readonly string[]): Entry[] {
  return values.map((value) => ({ kind, field, value }));
}

/** Inline plugin configurations refer to files like those in files of their own. */
function pluginEntries(field: string, texts: readonly string[], file: string): Entry[] {
  const [named, inline] = [texts.filter(isNoYaml), texts.filter((text) => !isNoYaml(text))];
  const documents = inline.flatMap((text) => readYaml(text).documents.map(({ value }) => value));
  return [...entries('plugin', field, named), ...entries('file', field, pluginFiles(documents, `${file}: ${field}`))];
}

/** Kustomize reads a text as inline YAML first, and as a path only where that fails. */
function isNoYaml(text: string): boolean {
  const { documents, problems } = readYaml(text);
  return problems.length > 0 || documents.every(({ value }) => typeof value === 'string');
}
