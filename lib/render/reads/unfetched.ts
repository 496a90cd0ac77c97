// In: the files of a commit, and which of them a rendering reads. Out: nothing. What may go wrong: SourceRefused, naming each file whose content is not in the
// repository: a pointer of Git LFS, or a submodule. Such a file is no fault where nothing reads it.
import { DriftlessError } from '../../errors.ts';
import type { FileTree } from '../../model/source-tree.ts';

// Both from the specification of Git LFS; the second one from before its release.
const LFS_VERSIONS: readonly string[] = [
  'version https://git-lfs.github.com/spec/',
  'version https://hawser.github.com/spec/',
];
const LFS_POINTER_BYTES = 1_024;
const MOST_LISTED = 20;

/** Why the content of a path is not there; undefined where it is. */
function absence(path: string, bytes: Uint8Array): string | undefined {
  if (path.endsWith('/')) return 'is a submodule; submodules are not supported';
  return isLfsPointer(bytes) ? 'its content is in Git LFS, which is not supported' : undefined;
}

/** Refuses what the rendering would read and the repository does not hold. @param remedy what to do about it */
export function assertFetched(files: FileTree, isRead: (path: string) => boolean, remedy: string): void {
  const faults = [...files].flatMap(([path, bytes]) => {
    const why = absence(path, bytes);
    return why !== undefined && isRead(path) ? [`${path.replace(/\/$/, '')}: ${why}`] : [];
  });
  if (faults.length === 0) return;
  const listed = faults.slice(0, MOST_LISTED);
  if (faults.length > listed.length) listed.push(`and ${faults.length - listed.length} more`);
  throw new DriftlessError('SourceRefused', `${listed.join('\n')}; ${remedy}`);
}

function isLfsPointer(content: Uint8Array): boolean {
  if (content.length >= LFS_POINTER_BYTES) return false;
  const [longest = ''] = LFS_VERSIONS;
  const start = Buffer.from(content.subarray(0, longest.length)).toString('latin1');
  return LFS_VERSIONS.some((version) => start.startsWith(version));
}
