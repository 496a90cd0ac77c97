// In: the objects of one commit. Out: its content keys and checkouts. May go wrong: errors of selecting files; Git LFS pointers are SourceRefused.
import { DriftlessError } from '../../errors.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import type { GitLimits } from '../limits.ts';
import type { Objects } from '../protocol/fetch.ts';
import { tooLarge } from '../too-large.ts';
import { BlobStore, type FetchObjects } from './blob-store.ts';
import { Folders } from './folders.ts';
import { type SelectOptions, selectFiles } from './select-files.ts';
import { rootOf } from './tree.ts';

/** A commit in memory: a port for the deployer, and its size for the cache. */
export type CachedSnapshot = {
  readonly port: GitSnapshot;
  readonly bytes: () => number;
  /** A loaded file, for another commit of the same repository. */
  readonly blob: (oid: string) => Buffer | undefined;
};

export type SnapshotOptions = {
  readonly revision: string;
  readonly repo: string;
  readonly limits: GitLimits;
  readonly fetch: FetchObjects;
  /** Called after files have arrived. */
  readonly grown: () => void;
};

// Each round fetches the targets of links that the previous round has found.
const MAX_ROUNDS = 20;

/** A parsed folder takes several times the bytes of its object. */
const FOLDER_WEIGHT = 6;

export function createSnapshot(objects: Objects, options: SnapshotOptions): CachedSnapshot {
  const { revision, repo, limits, fetch, grown } = options;
  const subject = `${repo} at ${revision}`;
  const commit = objects.get(revision);
  if (commit === undefined) throw new DriftlessError('CommitNotFound', `commit ${revision}: ${repo} did not send it`);
  if (commit.type !== 'commit')
    throw new DriftlessError('CommitNotFound', `object ${revision} of ${repo}: it is a ${commit.type}, not a commit`);
  const folders = new Folders(objects, { root: rootOf(commit.bytes, subject), subject, depth: limits.depth });
  const blobs = new BlobStore(fetch, subject);
  let folderBytes = 0;
  for (const [oid, { type, bytes }] of objects) {
    if (type === 'blob') blobs.add(oid, bytes);
    else folderBytes += FOLDER_WEIGHT * bytes.length;
  }
  const source = { folders, blob: (oid: string) => blobs.get(oid) };
  return {
    bytes: () => folderBytes + blobs.bytes,
    blob: source.blob,
    port: {
      revision,
      oid: (path) => folders.contentKey(path.split('/').filter((name) => name !== '' && name !== '.')),
      checkout: async (paths) => {
        const options = { subject, limits };
        for (let round = 0; round < MAX_ROUNDS; round += 1) {
          const { files, missing } = selectFiles(source, paths, options);
          if (missing.size === 0) return readFiles(files, source.blob, options);
          await blobs.load(missing);
          grown();
        }
        throw new DriftlessError(
          'SourceRefused',
          `${subject}: more than ${MAX_ROUNDS} symbolic links point to symbolic links`,
        );
      },
    },
  };
}

type ReadOptions = Pick<SelectOptions, 'subject'> & { readonly limits: Pick<GitLimits, 'checkoutBytes'> };

/** The bytes of the selected files, sorted by path. */
function readFiles(
  files: ReadonlyMap<string, string>,
  blob: (oid: string) => Buffer | undefined,
  { subject, limits }: ReadOptions,
): FileTree {
  const tree = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const [path, oid] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = blob(oid) ?? Buffer.alloc(0);
    if (isLfsPointer(content)) {
      throw new DriftlessError(
        'SourceRefused',
        `file "${path}" of ${subject}: its content is in Git LFS, which is not supported`,
      );
    }
    bytes += content.length;
    if (bytes > limits.checkoutBytes)
      throw tooLarge(subject, 'checkoutBytes', { actual: bytes, limit: limits.checkoutBytes });
    tree.set(path, content);
  }
  return tree;
}

// Both from the specification of Git LFS; the second one from before its release.
const LFS_VERSIONS: readonly string[] = [
  'version https://git-lfs.github.com/spec/',
  'version https://hawser.github.com/spec/',
];
const LFS_POINTER_BYTES = 1_024;

function isLfsPointer(content: Buffer): boolean {
  if (content.length >= LFS_POINTER_BYTES) return false;
  return LFS_VERSIONS.some((version) => content.toString('latin1', 0, version.length) === version);
}
