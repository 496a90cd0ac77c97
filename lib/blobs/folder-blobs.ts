import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DriftlessError } from '../errors.ts';
import type { Blobs } from '../ports/store.ts';
import { assertBlobKey } from './blob-key.ts';

/** Errors that mean that a file does not exist. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** Renderings contain Secrets, so only the owner may read the files. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Blobs as files of a folder, which is created for the first one. A reader, or a crash, never leaves or finds part of a blob. */
export function createFolderBlobs(dir: string): Blobs {
  return {
    put: async (key, bytes) => {
      assertBlobKey(key);
      try {
        await writeWhole(join(dir, key), bytes);
      } catch (error) {
        throw unavailable(key, error);
      }
    },
    get: async (key) => {
      assertBlobKey(key);
      try {
        return new Uint8Array(await readFile(join(dir, key)));
      } catch (error) {
        if (ABSENT.includes(errnoOf(error))) return undefined;
        throw unavailable(key, error);
      }
    },
  };
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const temporary = join(dirname(path), `.${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', FILE_MODE);
    try {
      await file.writeFile(bytes);
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
