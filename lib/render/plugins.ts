// In: the configuration of a kustomize plugin: a document of a file that `generators`, `transformers` or `validators` name, or that is inline in one of these
// lists. Out: the files that the plugin reads. What may go wrong: RenderFailed for a plugin that inflates charts. Field by field after the built-in
// plugins of kustomize 5.8 (api/internal/builtins); programs and containers are never run as plugins.
import { DriftlessError } from '../errors.ts';
import type { FileTree } from '../model/source-tree.ts';
import { kustomizationOf } from './detect.ts';
import { resolvePath } from './paths.ts';
import { isMapping, mappingsIn, textsIn } from './shape.ts';
import { readYaml } from './yaml.ts';

/** The lists of a kustomization that hold plugin configurations, inline or by the name of their file or folder. */
export const PLUGIN_FIELDS = ['generators', 'transformers', 'validators'];

const CHART_PLUGIN = 'HelmChartInflationGenerator';

/** The fields that a kustomization of plugin configurations may have: others would change the configurations before they are used. */
const FOLDER_FIELDS = ['apiVersion', 'kind', 'metadata', 'resources'];

const MAX_FOLDERS = 50;

/** The plugin configurations in a file or folder, as far as the files are loaded. */
export function pluginDocuments(
  path: string,
  files: FileTree,
  seen: ReadonlySet<string> = new Set(),
): readonly unknown[] {
  const bytes = files.get(path);
  if (bytes !== undefined) return readYaml(new TextDecoder().decode(bytes)).documents.map(({ value }) => value);
  const file = kustomizationOf(path, files);
  if (file === undefined || seen.has(path) || seen.size > MAX_FOLDERS) return [];
  const [kustomization] = pluginDocuments(file, files);
  if (!isMapping(kustomization)) return [];
  const other = Object.keys(kustomization).find((field) => !FOLDER_FIELDS.includes(field));
  if (other !== undefined)
    throw new DriftlessError(
      'SourceRefused',
      `${file}: ${other} changes plugin configurations, so that they cannot be checked; list their files under resources only`,
    );
  return textsIn(kustomization['resources']).flatMap((entry) => {
    const found = resolvePath(path, entry);
    return found === undefined ? [] : pluginDocuments(found, files, new Set([...seen, path]));
  });
}

/** Files that the plugins of some documents read, relative to the folder of the kustomization that names them. */
export function pluginFiles(documents: readonly unknown[], origin: string): readonly string[] {
  return documents.filter(isMapping).flatMap((plugin) => {
    if (plugin['kind'] === CHART_PLUGIN)
      throw new DriftlessError(
        'RenderFailed',
        `${origin}: ${CHART_PLUGIN} is not supported; deploy the chart as an application of its own with spec.source.helm`,
      );
    // A list of plugins is unfolded by kustomize before it runs them.
    return [...filesOf(plugin), ...pluginFiles(mappingsIn(plugin['items']), origin)];
  });
}

function filesOf(plugin: Record<string, unknown>): readonly string[] {
  return [
    ...keyValueFiles(plugin),
    ...textsIn([plugin['path']]),
    ...textsIn(plugin['paths']).filter((text) => !text.includes('\n')),
    ...textsIn(mappingsIn(plugin['replacements']).map(({ path }) => path)),
    ...textsIn(mappingsIn(plugin['patches']).map(({ path }) => path)),
  ];
}

/** What a ConfigMap or Secret generator reads; `files` are `path` or `key=path`. */
export function keyValueFiles({ files, envs, env }: Record<string, unknown>): readonly string[] {
  return [
    ...textsIn(files).map((source) => source.slice(source.indexOf('=') + 1)),
    ...textsIn(envs),
    ...textsIn([env]),
  ];
}
