import type { HelmOptions, KustomizeOptions } from './application.ts';

/**
 * Files of one commit: path from the repository's root → bytes. Symbolic links are already replaced by what they point to, so a
 * FileTree holds plain files only. A submodule is a path that ends in `/`, without bytes; a file in Git LFS is its pointer.
 */
export type FileTree = ReadonlyMap<string, Uint8Array>;

/** What Kustomize or Helm is asked to render. */
export type RenderRequest = {
  readonly tool: { readonly kustomize: KustomizeOptions } | { readonly helm: HelmOptions };
  readonly files: FileTree;
  /** Folder of the kustomization or chart in `files`. */
  readonly path: string;
  /** Default of the Helm release's name. */
  readonly name: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  /** Texts of its input that no error may repeat, the longest first. */
  readonly hidden?: readonly string[];
};
