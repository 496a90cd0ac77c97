// In: an application, its fetched files, what its cluster can do. Out: the key of its rendering: the same key means the same manifests. What cannot matter is
// left out, since a chart that draws random values gives others each time that it is rendered. May throw ManifestInvalid for a Chart.yaml that cannot be read.
import { type Application, primarySource } from '../../model/application.ts';
import type { SourceInput } from '../../model/application-record.ts';
import type { FileTree } from '../../model/source-tree.ts';
import { stableHash } from '../../model/stable-hash.ts';
import { detectTool } from '../../render/detect.ts';
import { valueFilePath } from '../../render/inputs.ts';
import { type Asked, chartReads, textOf } from '../../render/reads/chart-reads.ts';
import { type Capabilities, withLocalDependencies } from '../../render/tool-request.ts';

export type RenderKeyParts = {
  readonly app: Application;
  readonly inputs: readonly SourceInput[];
  readonly capabilities: Capabilities;
  readonly toolVersions: string;
};

export type RenderingKey = {
  readonly key: string;
  /** Whether another rendering with the same key would have other values. */
  readonly random: boolean;
};

const CHART_PREFIX = 'rendered/chart/';

/** The blob key of a rendering. */
export function renderingKey(parts: RenderKeyParts & { readonly files: FileTree }): RenderingKey {
  if (detectTool(primarySource(parts.app), parts.files) !== 'helm') return { key: inputsKey(parts), random: false };
  const { app, files, capabilities, toolVersions } = parts;
  const { path, helm = { valueFiles: [], includeCRDs: true } } = primarySource(app);
  const { releaseName, includeCRDs, values, valueFiles } = helm;
  const valueTexts = valueFiles
    .map((entry) => valueFilePath(path, entry))
    .map((file) => textOf(file, files.get(file) ?? new Uint8Array()));
  const { contents, asked } = chartReads(path, withLocalDependencies(path, files), {
    values: [...valueTexts, JSON.stringify(values ?? {})],
    includeCRDs,
  });
  const hash = stableHash({
    name: app.name,
    namespace: app.destination.namespace,
    chart: { path, releaseName, includeCRDs, values, valueTexts },
    files: [...contents]
      .map(([name, content]) => [name, stableHash(typeof content === 'string' ? content : base64(content))] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    capabilities: seenBy(asked, capabilities),
    toolVersions: asked.random ? null : toolVersions,
  });
  return { key: `${CHART_PREFIX}${hash}`, random: asked.random };
}

/** Whether a stored rendering has a key of this form, and none of the time when every file of a chart counted. */
export function isChartKey(key: string): boolean {
  return key.startsWith(CHART_PREFIX);
}

/** Of the cluster, what templates ask for. A new patch release of the cluster is no reason for new random values. */
function seenBy({ apiVersions, kubeVersion, random }: Asked, { version, apiVersions: served }: Capabilities): unknown {
  const minor = /^v?\d+\.\d+/.exec(version)?.[0] ?? version;
  return {
    version: kubeVersion ? (random ? minor : version) : null,
    apiVersions: apiVersions === 'all' ? served.toSorted() : apiVersions.filter((each) => served.includes(each)),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** The key by what Git has at every input, and all that the cluster serves: of everything but charts, and of charts in versions before 0.2. */
export function inputsKey({ app, inputs, capabilities, toolVersions }: RenderKeyParts): string {
  const { directory, kustomize, helm, path } = primarySource(app);
  const mayBeChart = directory === undefined && kustomize === undefined;
  const hash = stableHash({
    name: app.name,
    namespace: app.destination.namespace,
    source: { path, directory, kustomize, helm },
    inputs: inputs.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    capabilities: mayBeChart
      ? { version: capabilities.version, apiVersions: capabilities.apiVersions.toSorted() }
      : null,
    toolVersions,
  });
  return `rendered/${hash}`;
}
