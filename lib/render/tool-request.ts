// In: an application, the files of a commit, and what its cluster can do. Out: what Kustomize or Helm is to be asked.
import { type Application, primarySource } from '../model/application.ts';
import type { FileTree, RenderRequest } from '../model/source-tree.ts';
import { localDependencies } from './chart.ts';
import { hiddenValues } from './hidden-values.ts';
import { inside, valueFilePath } from './inputs.ts';
import { filesBelow, joinPath } from './paths.ts';
import { assertOwnSchemas } from './schema-references.ts';

/** What the cluster serves, as Helm's `.Capabilities` shows it to templates. */
export type Capabilities = { readonly version: string; readonly apiVersions: readonly string[] };

export type RenderSubject = {
  readonly app: Application;
  readonly files: FileTree;
  readonly capabilities: Capabilities;
};

/** The request for a tool. Values files are written from the repository's root; dependencies in the repository are copied into the chart's `charts`. */
export function toolRequest({ app, files, capabilities }: RenderSubject, tool: 'kustomize' | 'helm'): RenderRequest {
  const { destination, name } = app;
  const source = primarySource(app);
  const present = new Map([...files].filter(([path]) => !path.endsWith('/')));
  const shared = {
    path: source.path,
    name,
    namespace: destination.namespace,
    kubeVersion: capabilities.version,
    apiVersions: capabilities.apiVersions,
  };
  if (tool === 'kustomize')
    return { ...shared, files: present, tool: { kustomize: source.kustomize ?? { allowRemoteBases: false } } };
  const helm = source.helm ?? { valueFiles: [], includeCRDs: true };
  const valueFiles = helm.valueFiles.map((entry) => `/${valueFilePath(source.path, entry)}`);
  const chart = withLocalDependencies(source.path, present);
  assertOwnSchemas(source.path, chart);
  const options = { ...helm, valueFiles };
  return { ...shared, files: chart, tool: { helm: options }, hidden: hiddenValues(source.path, chart, options) };
}

/** What `helm dependency build` does for `file://` dependencies. */
export function withLocalDependencies(chart: string, files: FileTree): FileTree {
  const copies = localDependencies(chart, files).flatMap(({ name, entry, file }) => {
    const folder = inside(chart, entry, file);
    return [...filesBelow(files, folder)].map(
      ([path, bytes]) => [joinPath(chart, `charts/${name}/${path}`), bytes] as const,
    );
  });
  return copies.length === 0 ? files : new Map([...files, ...copies]);
}
