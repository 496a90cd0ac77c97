// In: a source, its files, and what they refer to. Out: which of the files its tool reads.
import type { Source } from '../../model/application.ts';
import type { FileTree } from '../../model/source-tree.ts';
import { kustomizationOf } from '../detect.ts';
import type { Reference } from '../inputs.ts';
import { isWithin, relativeTo } from '../paths.ts';
import { chartReads } from './chart-reads.ts';

type Subject = { readonly source: Source; readonly files: FileTree; readonly references: readonly Reference[] };

/** Tells whether Kustomize or Helm reads a file; of a submodule, whether it reads anything in there. */
export function toolReads(tool: 'kustomize' | 'helm', subject: Subject): (path: string) => boolean {
  const named = new Set(subject.references.map(({ path }) => path));
  const isNamed = (path: string): boolean =>
    named.has(path) || (path.endsWith('/') && [...named].some((one) => `${one}/`.startsWith(path)));
  const isOfTool = tool === 'helm' ? readByHelm(subject) : readByKustomize(subject);
  return (path) => isNamed(path) || isOfTool(path);
}

function readByKustomize({ source, files, references }: Subject): (path: string) => boolean {
  const folders = [source.path, ...references.map(({ path }) => path)];
  const kustomizations = new Set(folders.map((folder) => kustomizationOf(folder, files)));
  return (path) => kustomizations.has(path);
}

function readByHelm({ source, files, references }: Subject): (path: string) => boolean {
  const { values = {}, includeCRDs = true } = source.helm ?? {};
  const charts = [source.path, ...references.flatMap(({ kind, path }) => (kind === 'chart' ? [path] : []))];
  const reads = charts.map((chart) => {
    const { isRead } = chartReads(chart, files, { values: [JSON.stringify(values)], includeCRDs });
    return { chart, isRead };
  });
  return (path) => reads.some(({ chart, isRead }) => isWithin(path, chart) && isRead(relativeTo(chart, path)));
}
