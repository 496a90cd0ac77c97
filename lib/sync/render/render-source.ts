// In: an application and its fetched files. Out: its manifests. Throws ManifestInvalid, RenderFailed, RenderLimit or SourceRefused; each names the file.
import { primarySource } from '../../model/application.ts';
import type { Manifest } from '../../model/change-set.ts';
import type { Renderer } from '../../ports/render.ts';
import { assertFewAliases } from '../../render/aliases.ts';
import { detectTool, kustomizationOf } from '../../render/detect.ts';
import { renderDirectory } from '../../render/directory.ts';
import { assertComplete, sourceReferences } from '../../render/inputs.ts';
import { type Place, parseRendered, parseRenderedChart } from '../../render/parse.ts';
import { joinPath } from '../../render/paths.ts';
import { toolReads } from '../../render/reads/tool-reads.ts';
import { assertFetched } from '../../render/reads/unfetched.ts';
import { type RenderSubject, toolRequest } from '../../render/tool-request.ts';

export type RenderPorts = {
  readonly renderer: Renderer;
  /** Told what a chart does that is accepted, but most likely a mistake. */
  readonly warn?: (warning: string) => void;
};

/** Renders the source of an application with the tool that it names, or that its folder is made for. */
export async function renderSource(
  subject: RenderSubject,
  { renderer, warn = () => undefined }: RenderPorts,
): Promise<readonly Manifest[]> {
  const source = primarySource(subject.app);
  const tool = detectTool(source, subject.files);
  if (tool === 'directory') return renderDirectory(subject.files, source.path, source.directory ?? { recurse: false });
  const references = sourceReferences(source, subject.files);
  assertFetched(
    subject.files,
    toolReads(tool, { source, files: subject.files, references }),
    'commit the files themselves',
  );
  assertComplete(references, subject.files);
  assertFewAliases(
    subject.files,
    references.map(({ path }) => path),
  );
  const text = await renderer.render(toolRequest(subject, tool));
  if (tool === 'helm') return parseRenderedChart(text, (offset) => templateAt(text, offset, source.path), warn);
  const file = kustomizationOf(source.path, subject.files) ?? source.path;
  return parseRendered(text, () => ({ file }));
}

/** Helm names the template above each document; the path begins with the chart's name instead of its folder. */
function templateAt(text: string, offset: number, chart: string): Required<Place> {
  const marker = '# Source: ';
  const at = text.lastIndexOf(`\n${marker}`, offset);
  const start = at < 0 ? 0 : text.indexOf('\n', at + 1) + 1;
  const line = text.slice(start, offset).split('\n').length;
  if (at < 0) return { file: joinPath(chart, 'templates'), line };
  const name = text.slice(at + 1 + marker.length, start).trim();
  return { file: joinPath(chart, name.slice(name.indexOf('/') + 1)), line };
}
