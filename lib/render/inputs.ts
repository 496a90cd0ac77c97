// In: a source and the files that are loaded so far. Out: everything outside the application's folder that its rendering reads. It has to be
// fetched, and a push that changes it affects the application. What may go wrong: SourceRefused for paths outside the repository; RenderFailed for
// missing files; ManifestInvalid for a kustomization or chart that cannot be read.
import { DriftlessError } from '../errors.ts';
import type { Source } from '../model/application.ts';
import type { FileTree } from '../model/source-tree.ts';
import { localDependencies } from './chart.ts';
import { detectTool, kustomizationOf } from './detect.ts';
import { type Entry, kustomizationEntries } from './kustomization.ts';
import { foldersOf, isWithin, resolvePath } from './paths.ts';
import { pluginDocuments, pluginFiles } from './plugins.ts';

/** A path of the repository that a file, or the application itself, refers to. */
export type Reference = {
  readonly path: string;
  /** Its location, for messages: `deploy/prod/kustomization.yaml:4: resources`. */
  readonly origin: string;
  /** As written: `../../base`. */
  readonly entry: string;
  /** A `base` or `plugin` may be a folder, which then needs a kustomization file. */
  readonly kind: Entry['kind'] | 'chart';
};

const MAX_KUSTOMIZATIONS = 500;
/** References of one application; each is compared with the fetched files. */
const MAX_REFERENCES = 5_000;
/** Entries of one file that are searched literally, where they are not a word of it. */
const MAX_SEARCHES = 200;

/** Everything that the rendering refers to, as far as these files show; folders that are not loaded yet are not searched. */
export function sourceReferences(source: Source, files: FileTree): readonly Reference[] {
  switch (detectTool(source, files)) {
    case 'directory':
      return [];
    case 'helm':
      return helmReferences(source, files);
    case 'kustomize':
      return kustomizeReferences(source, files);
  }
}

/** Throws RenderFailed with all references to missing files. */
export function assertComplete(references: readonly Reference[], files: FileTree): void {
  const folders = foldersOf(files);
  const problems = references.flatMap(({ path, origin, entry, kind }) => {
    if (files.has(path)) return [];
    if (!folders.has(path)) return [`${origin}: "${entry}" does not exist in the repository`];
    if (kind === 'file') return [`${origin}: "${entry}" is a folder; name a file`];
    if ((kind === 'base' || kind === 'plugin') && kustomizationOf(path, files) === undefined)
      return [`${origin}: "${entry}" is a folder without kustomization.yaml; add one, or name its files`];
    return [];
  });
  if (problems.length > 0) throw new DriftlessError('RenderFailed', problems.join('\n'));
}

function kustomizeReferences({ path, kustomize }: Source, files: FileTree): readonly Reference[] {
  const folders = foldersOf(files);
  const references: Reference[] = [];
  const queue = [path];
  const seen = new Set(queue);
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    const found = referencesOfFolder(folder, files, kustomize?.allowRemoteBases ?? false);
    references.push(...found);
    for (const { path: base, kind } of found) {
      if ((kind !== 'base' && kind !== 'plugin') || !folders.has(base) || seen.has(base)) continue;
      seen.add(base);
      queue.push(base);
    }
    assertFew(path, { kustomizations: seen.size, files: references.length });
  }
  return references;
}

function assertFew(
  path: string,
  { kustomizations, files }: Readonly<Record<'kustomizations' | 'files', number>>,
): void {
  const subject = path === '' ? 'the repository' : path;
  if (kustomizations > MAX_KUSTOMIZATIONS)
    throw new DriftlessError(
      'RenderLimit',
      `${subject}: more than ${MAX_KUSTOMIZATIONS} kustomizations are referenced`,
    );
  if (files > MAX_REFERENCES)
    throw new DriftlessError(
      'RenderLimit',
      `${subject}: its kustomizations reference more than ${MAX_REFERENCES} files`,
    );
}

function referencesOfFolder(folder: string, files: FileTree, allowRemote: boolean): Reference[] {
  const file = kustomizationOf(folder, files);
  const bytes = file === undefined ? undefined : files.get(file);
  if (file === undefined || bytes === undefined) return [];
  const text = new TextDecoder().decode(bytes);
  const lineWith = lineFinder(text);
  const reference = ({ field, value, kind }: Entry, origin = `${file}:${lineWith(value)}: ${field}`): Reference[] => {
    if (isRemote(value) && allowRemote && !/^(?:git::)?file:/i.test(value)) return [];
    if (isRemote(value))
      throw new DriftlessError(
        'SourceRefused',
        `${origin}: "${withoutUserinfo(value)}" is remote; copy it into the repository, or set spec.source.kustomize.allowRemoteBases`,
      );
    return [{ path: inside(folder, value, origin), origin, entry: value, kind }];
  };
  return kustomizationEntries(text, file).flatMap((entry) => {
    const found = reference(entry);
    if (entry.kind !== 'plugin') return found;
    // A plugin reads files from the folder of the kustomization that names it, wherever its configuration lies.
    const read = found.flatMap(({ path, origin }) =>
      pluginFiles(pluginDocuments(path, files), path).flatMap((value) =>
        reference({ field: entry.field, value, kind: 'file' }, `${origin}: ${path}`),
      ),
    );
    return [...found, ...read];
  });
}

function helmReferences({ path, helm }: Source, files: FileTree): readonly Reference[] {
  const valueFiles = (helm?.valueFiles ?? []).map((entry): Reference => {
    const origin = 'spec.source.helm.valueFiles';
    return { path: valueFilePath(path, entry), origin, entry, kind: 'file' };
  });
  const charts = localDependencies(path, files).map(({ entry, file }): Reference => {
    const origin = `${file}: dependencies`;
    const folder = inside(path, entry, origin);
    if (!isWithin(path, folder)) return { path: folder, origin, entry, kind: 'chart' };
    throw new DriftlessError(
      'SourceRefused',
      `${origin}: "${entry}" contains the chart itself; move the dependency beside it`,
    );
  });
  return [...valueFiles, ...charts];
}

/** A values file as a path from the repository's root; it is written relative to the chart, or from the root with a `/`. */
export function valueFilePath(chart: string, entry: string): string {
  const origin = 'spec.source.helm.valueFiles';
  if (/^[a-z][a-z0-9+.-]*:/i.test(entry))
    throw new DriftlessError(
      'SourceRefused',
      `${origin}: "${withoutUserinfo(entry)}" is not a path; copy the file into the repository`,
    );
  const path = resolvePath(entry.startsWith('/') ? '' : chart, entry);
  return path ?? refuseOutside(entry, origin);
}

/** The path of an entry; nothing outside the repository is ever read (Flux GHSA-j77r-2fxf-5jrw, Argo CD GHSA-63qx-x74g-jcr7). */
export function inside(folder: string, entry: string, origin: string): string {
  const path = entry.startsWith('/') ? undefined : resolvePath(folder, entry);
  return path ?? refuseOutside(entry, origin);
}

function refuseOutside(entry: string, origin: string): never {
  throw new DriftlessError(
    'SourceRefused',
    `${origin}: "${entry}" is outside the repository; move it into the repository`,
  );
}

/** Whether kustomize reads an entry as a URL or a Git repository rather than a path: schemes, `user@host`, and GitHub without a scheme. */
function isRemote(entry: string): boolean {
  return (
    entry.includes('://') || /^(?:git::)?(?:[a-z][a-z0-9-]*@|github\.com[/:])/i.test(entry) || /^git::/i.test(entry)
  );
}

function withoutUserinfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*/, '');
}

/** Returns a function that finds the line, from 1, of an entry in its file; line 1 where the entry is spelled differently. */
function lineFinder(text: string): (entry: string) => number {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    for (const word of line.split(/[\s"',=[\]{}]+/)) if (!lines.has(word)) lines.set(word, index + 1);
  }
  let searches = 0;
  return (entry) => {
    const known = lines.get(entry);
    if (known !== undefined) return known;
    searches += 1;
    const at = searches > MAX_SEARCHES ? -1 : text.indexOf(entry);
    return at < 0 ? 1 : text.slice(0, at).split('\n').length;
  };
}
