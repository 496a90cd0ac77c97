import type { FileTree } from '../model/source-tree.ts';

/** The path, from the repository's root, of an entry in a file of `folder`; undefined outside the repository. */
export function resolvePath(folder: string, entry: string): string | undefined {
  const segments = folder === '' ? [] : folder.split('/');
  for (const segment of entry.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** Joins a folder and a name in it; the root is ''. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether a path is the folder or below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The files below a folder, by their path in it. */
export function filesBelow(files: FileTree, folder: string): FileTree {
  const prefix = folder === '' ? '' : `${folder}/`;
  return new Map(
    [...files].flatMap(([path, bytes]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), bytes]] : [])),
  );
}

/** Every folder that holds a file, at any depth. */
export function foldersOf(files: FileTree): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of files.keys())
    for (let at = path.lastIndexOf('/'); at > 0 && !folders.has(path.slice(0, at)); at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  return folders;
}
