import { randomUUID } from 'node:crypto';
import { statSync, unlinkSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DriftlessError } from '../errors.ts';
import type { Blobs } from '../ports/store.ts';
import { assertBlobKey } from './blob-key.ts';

/** Errors that mean that a file does not exist. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** Renderings contain Secrets, so only the owner may read the files. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Which blobs may go: those below these folders that have no name in `named` and were neither written nor read since. */
type Unused = {
  readonly folders: readonly string[];
  readonly named: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly since: number;
};

type FolderBlobs = Blobs & {
  /** Removes blobs that nothing needs, and what a crash left of unfinished ones; returns how many files. */
  removeUnused(unused: Unused): Promise<number>;
};

/**
 * Blobs as files of a folder, which is created for the first one. A reader, or a crash, never leaves or finds part of a blob. A file's time is that of its
 * last use.
 */
export function createFolderBlobs(dir: string, now: () => number = Date.now): FolderBlobs {
  // So that what this process is writing now is told from what a crash has left.
  const unfinished = `.${randomUUID()}-`;
  return {
    put: async (key, bytes) => {
      assertBlobKey(key);
      try {
        await writeWhole(join(dir, key), { bytes, now: now(), unfinished });
      } catch (error) {
        throw unavailable(key, error);
      }
    },
    get: async (key) => {
      assertBlobKey(key);
      const path = join(dir, key);
      try {
        // First, so that a blob that is about to be removed either stays or is seen as absent.
        await utimes(path, now() / 1000, now() / 1000);
        return new Uint8Array(await readFile(path));
      } catch (error) {
        if (ABSENT.includes(errnoOf(error))) return undefined;
        throw unavailable(key, error);
      }
    },
    removeUnused: async ({ folders, named, since }) => {
      let removed = 0;
      for (const folder of folders) {
        const files = await filesBelow(join(dir, folder));
        const idle = files.filter((file) => !named.has(relative(dir, file)) && !basename(file).startsWith(unfinished));
        removed += idle.filter((file) => removeOlder(file, since)).length;
      }
      return removed;
    },
  };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (ABSENT.includes(errnoOf(error))) return [];
    throw error;
  }
}

/** Looks and removes at once: no reader of this process comes in between. The time of a file is exact to a millisecond. */
function removeOlder(file: string, since: number): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.mtimeMs > since - 1) return false;
  unlinkSync(file);
  return true;
}

type Writing = { readonly bytes: Uint8Array; readonly now: number; readonly unfinished: string };

async function writeWhole(path: string, { bytes, now, unfinished }: Writing): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const temporary = join(dirname(path), `${unfinished}${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', FILE_MODE);
    try {
      await file.writeFile(bytes);
      await file.utimes(now / 1000, now / 1000);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function errnoOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function unavailable(key: string, cause: unknown): DriftlessError {
  return new DriftlessError('StateUnavailable', `blob ${key}: ${errnoOf(cause) || String(cause)}; check the folder`, {
    cause,
  });
}
