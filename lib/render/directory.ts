// In: the files of a commit, a folder, and which of its files count. Out: their manifests, in the order of their paths. What may go wrong:
// ManifestInvalid with every problem of every file; SourceTooLarge.
import picomatch from 'picomatch';
import { DriftlessError } from '../errors.ts';
import type { DirectoryOptions } from '../model/application.ts';
import type { Manifest } from '../model/change-set.ts';
import type { FileTree } from '../model/source-tree.ts';
import { manifestsOf, readManifests } from './parse.ts';
import { filesBelow, joinPath } from './paths.ts';

/** Argo CD's limit, so that a folder that Argo CD accepts is accepted here. */
const MAX_MANIFEST_BYTES = 10 * 1024 * 1024;
const SKIP_MARKER = /^[ \t]*#[ \t]*\+argocd:skip-file-rendering/m;
const REMEDY = 'exclude files that are not manifests with spec.source.directory.exclude';

/** Reads the manifests of a folder (reference: Argo CD, Directory). */
export function renderDirectory(files: FileTree, path: string, options: DirectoryOptions): readonly Manifest[] {
  const chosen = [...filesBelow(files, path)]
    .filter(([name]) => isChosen(name, options))
    .filter(([, bytes]) => !isMarkedToSkip(bytes))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const total = chosen.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  if (total > MAX_MANIFEST_BYTES)
    throw new DriftlessError(
      'SourceTooLarge',
      `${path === '' ? 'the repository' : path}: its manifests have ${total} bytes; the limit for one application is ${MAX_MANIFEST_BYTES}`,
    );
  return manifestsOf(
    chosen.map(([name, bytes]) => readManifests(bytes, joinPath(path, name))),
    REMEDY,
  );
}

function isChosen(name: string, { recurse, include, exclude }: DirectoryOptions): boolean {
  if (!/\.(?:yaml|yml|json)$/.test(name)) return false;
  if (!recurse && name.includes('/')) return false;
  if (exclude !== undefined && matches(name, exclude)) return false;
  return include === undefined || matches(name, include);
}

/** Globs as Argo CD reads them: `*` crosses `/`, hidden files count, `!` and `+(…)` mean nothing special. */
function matches(name: string, glob: string): boolean {
  return picomatch.isMatch(name, glob.replaceAll('[!', '[^'), {
    bash: true,
    dot: true,
    nonegate: true,
    noextglob: true,
    strictSlashes: true,
  });
}

function isMarkedToSkip(bytes: Uint8Array): boolean {
  return SKIP_MARKER.test(new TextDecoder().decode(bytes));
}
