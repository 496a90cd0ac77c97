// In: a chart's files and the options of its source. Out: what it needs from outside its folder. What may go wrong: RenderFailed for a
// dependency that is neither vendored nor in the repository; ManifestInvalid for a Chart.yaml that cannot be read.
import { DriftlessError } from '../errors.ts';
import type { FileTree } from '../model/source-tree.ts';
import { manifestsOf } from './parse.ts';
import { filesBelow, joinPath } from './paths.ts';
import { isMapping, mappingsIn } from './shape.ts';
import { readYaml } from './yaml.ts';

/** A dependency that another folder of the repository holds: `file://../common`. */
export type LocalDependency = { readonly name: string; readonly entry: string; readonly file: string };

/** Dependencies of a chart that are in the repository, but not in its folder `charts`. */
export function localDependencies(chart: string, files: FileTree): readonly LocalDependency[] {
  return ['Chart.yaml', 'requirements.yaml'].flatMap((name) => {
    const file = joinPath(chart, name);
    return dependenciesIn(file, files)
      .filter((dependency) => !isVendored(dependency.name, chart, files))
      .map((dependency) => localDependency(dependency, file));
  });
}

type Dependency = { readonly name: string; readonly repository: string };

function dependenciesIn(file: string, files: FileTree): Dependency[] {
  const bytes = files.get(file);
  const { documents, problems } = readYaml(new TextDecoder().decode(bytes));
  if (problems.length > 0)
    manifestsOf([
      { manifests: [], problems: problems.map(({ line, message }) => ({ file, line, message, foreign: false })) },
    ]);
  const value = documents[0]?.value;
  return mappingsIn(isMapping(value) ? value['dependencies'] : undefined).flatMap(({ name, repository }) =>
    typeof name === 'string' ? [{ name, repository: typeof repository === 'string' ? repository : '' }] : [],
  );
}

function localDependency({ name, repository }: Dependency, file: string): LocalDependency {
  if (repository.startsWith('file://')) return { name, entry: repository.slice('file://'.length), file };
  throw new DriftlessError(
    'RenderFailed',
    `${file}: dependency "${name}" is not in the folder charts, and charts are never downloaded; run "helm dependency build", and commit the folder charts`,
  );
}

/** Whether the folder `charts` contains it, as an archive or as a folder of any name. */
function isVendored(name: string, chart: string, files: FileTree): boolean {
  const vendored = filesBelow(files, joinPath(chart, 'charts'));
  for (const [path, bytes] of vendored) {
    if (path.startsWith(`${name}-`) && path.endsWith('.tgz')) return true;
    if (path === `${name}/Chart.yaml`) return true;
    if (/^[^/]+\/Chart\.yaml$/.test(path) && nameIn(bytes) === name) return true;
  }
  return false;
}

function nameIn(bytes: Uint8Array): unknown {
  const value = readYaml(new TextDecoder().decode(bytes)).documents[0]?.value;
  return isMapping(value) ? value['name'] : undefined;
}
