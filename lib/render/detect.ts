import type { Source } from '../model/application.ts';
import type { FileTree } from '../model/source-tree.ts';
import { joinPath } from './paths.ts';

/** What turns a folder into manifests. */
export type Tool = 'directory' | 'kustomize' | 'helm';

const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The tool for a source: the one that has options, else what the folder holds (reference: Argo CD, tool detection). */
export function detectTool(source: Source, files: FileTree): Tool {
  if (source.helm !== undefined) return 'helm';
  if (source.kustomize !== undefined) return 'kustomize';
  if (source.directory !== undefined) return 'directory';
  if (files.has(joinPath(source.path, 'Chart.yaml'))) return 'helm';
  return kustomizationOf(source.path, files) === undefined ? 'directory' : 'kustomize';
}

/** Path of a folder's kustomization file; undefined where it has none. */
export function kustomizationOf(folder: string, files: FileTree): string | undefined {
  return KUSTOMIZATION_NAMES.map((name) => joinPath(folder, name)).find((path) => files.has(path));
}
