// In: the objects of one commit. Out: its content keys and checkouts. May go wrong: errors of selecting files.
import { DriftlessError } from '../../errors.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import type { GitLimits } from '../limits.ts';
import { readCommit } from '../protocol/commit-object.ts';
import type { Objects } from '../protocol/fetch.ts';
import { tooLarge } from '../too-large.ts';
import { BlobStore, type FetchObjects, OBJECT_BYTES } from './blob-store.ts';
import { Folders } from './folders.ts';
import { type Selection, type SelectOptions, selectFiles } from './select-files.ts';
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
  let otherBytes = OBJECT_BYTES;
  for (const [oid, { type, bytes }] of objects) {
    if (type === 'blob') blobs.add(oid, bytes);
    else otherBytes += OBJECT_BYTES + FOLDER_WEIGHT * bytes.length;
  }
  const source = { folders, blob: (oid: string) => blobs.get(oid) };
  return {
    bytes: () => otherBytes + blobs.bytes,
    blob: source.blob,
    port: {
      revision,
      commit: readCommit(commit.bytes).commit,
      oid: (path) => folders.contentKey(path.split('/').filter((name) => name !== '' && name !== '.')),
      checkout: async (paths) => {
        const options = { subject, limits };
        for (let round = 0; round < MAX_ROUNDS; round += 1) {
          const selection = selectFiles(source, paths, options);
          if (selection.missing.size === 0) return readFiles(selection, source.blob, options);
          await blobs.load(selection.missing);
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
  { files, submodules }: Selection,
  blob: (oid: string) => Buffer | undefined,
  { subject, limits }: ReadOptions,
): FileTree {
  const tree = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const [path, oid] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = blob(oid) ?? Buffer.alloc(0);
    bytes += content.length;
    if (bytes > limits.checkoutBytes)
      throw tooLarge(subject, 'checkoutBytes', { actual: bytes, limit: limits.checkoutBytes });
    tree.set(path, content);
  }
  for (const path of submodules) tree.set(path, new Uint8Array());
  return tree;
}
