// In: an application and its fetched files. Out: its manifests. Throws ManifestInvalid, RenderFailed, RenderLimit or SourceRefused; each names the file.
import { type Application, primarySource } from '../../model/application.ts';
import type { SourceInput } from '../../model/application-record.ts';
import type { Manifest } from '../../model/change-set.ts';
import { stableHash } from '../../model/stable-hash.ts';
import type { Renderer } from '../../ports/render.ts';
import { assertFewAliases } from '../../render/aliases.ts';
import { detectTool, kustomizationOf } from '../../render/detect.ts';
import { renderDirectory } from '../../render/directory.ts';
import { assertComplete, sourceReferences } from '../../render/inputs.ts';
import { type Place, parseRendered } from '../../render/parse.ts';
import { joinPath } from '../../render/paths.ts';
import { type Capabilities, type RenderSubject, toolRequest } from '../../render/tool-request.ts';

/** Renders the source of an application with the tool that it names, or that its folder is made for. */
export async function renderSource(
  subject: RenderSubject,
  { renderer }: { readonly renderer: Renderer },
): Promise<readonly Manifest[]> {
  const source = primarySource(subject.app);
  const tool = detectTool(source, subject.files);
  if (tool === 'directory') return renderDirectory(subject.files, source.path, source.directory ?? { recurse: false });
  const references = sourceReferences(source, subject.files);
  assertComplete(references, subject.files);
  assertFewAliases(
    subject.files,
    references.map(({ path }) => path),
  );
  const text = await renderer.render(toolRequest(subject, tool));
  if (tool === 'helm') return parseRendered(text, (offset) => templateAt(text, offset, source.path));
  const file = kustomizationOf(source.path, subject.files) ?? source.path;
  return parseRendered(text, () => ({ file }));
}

/** Helm names the template above each document; the path begins with the chart's name instead of its folder. */
function templateAt(text: string, offset: number, chart: string): Place {
  const marker = '# Source: ';
  const at = text.lastIndexOf(`\n${marker}`, offset);
  if (at < 0) return { file: joinPath(chart, 'templates') };
  const name = text.slice(at + 1 + marker.length, text.indexOf('\n', at + 1)).trim();
  return { file: joinPath(chart, name.slice(name.indexOf('/') + 1)) };
}

export type RenderKeyParts = {
  readonly app: Application;
  readonly inputs: readonly SourceInput[];
  readonly capabilities: Capabilities;
  readonly toolVersions: string;
};

/** The content key of a rendering: the same key means the same manifests. Only charts see the capabilities of the cluster. */
export function renderKey({ app, inputs, capabilities, toolVersions }: RenderKeyParts): string {
  const { directory, kustomize, helm, path } = primarySource(app);
  const mayBeChart = directory === undefined && kustomize === undefined;
  return stableHash({
    name: app.name,
    namespace: app.destination.namespace,
    source: { path, directory, kustomize, helm },
    inputs: inputs.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    capabilities: mayBeChart
      ? { version: capabilities.version, apiVersions: capabilities.apiVersions.toSorted() }
      : null,
    toolVersions,
  });
}
