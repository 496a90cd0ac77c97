// In: the files of a request. Out: a fresh folder that holds them, for the owner alone, and is removed afterwards. What may go wrong:
// SourceRefused for a path that would leave the folder.
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRunning } from '../../async/is-running.ts';
import { mapBounded } from '../../async/map-bounded.ts';
import { DriftlessError } from '../../errors.ts';
import type { FileTree } from '../../model/source-tree.ts';

export type Workspace = {
  /** Holds everything below. */
  readonly root: string;
  /** Where the files of the commit are. */
  readonly source: string;
  /** Empty; HOME and every cache of the tools. */
  readonly home: string;
};

const WRITERS = 16;

/** Process and time of its start are in the name, so that a later process can tell whether the folder is still in use. */
const OWN_PREFIX = `driftless-render-${process.pid}-${Math.round(performance.timeOrigin)}-`;
const OF_PROCESS = /^driftless-render-(\d+)-\d+-/;

/** No rendering takes that long. */
const LEFT_AFTER_MS = 10 * 60_000;

/** Removes the folders of processes that have ended without removing them: clear text of values may be in there. */
export async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((candidate) => OF_PROCESS.test(candidate) && !candidate.startsWith(OWN_PREFIX))) {
    const folder = join(parent, name);
    // Another user's folder in a shared parent is that user's to remove.
    if (await isLeft(folder, Number(OF_PROCESS.exec(name)?.[1])))
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isLeft(folder: string, pid: number): Promise<boolean> {
  if (pid === process.pid || !isRunning(pid)) return true;
  const made = await stat(folder).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > LEFT_AFTER_MS;
}

/** Does the work in a fresh folder; the folder is removed whatever happens. */
export async function inWorkspace<T>(
  parent: string,
  files: FileTree,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const root = await mkdtemp(join(parent, OWN_PREFIX));
  try {
    const workspace = { root, source: join(root, 'source'), home: join(root, 'home') };
    await mkdir(workspace.source, { mode: 0o700 });
    await mkdir(workspace.home, { mode: 0o700 });
    await writeAll(workspace.source, files);
    return await work(workspace);
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A path below a folder; refuses whatever could lead out of it. */
export function below(folder: string, path: string): string {
  const segments = path.split('/');
  const unsafe = segments.some(
    (segment) => segment === '' || segment === '.' || segment === '..' || segment.includes('\0'),
  );
  if (unsafe && path !== '')
    throw new DriftlessError(
      'SourceRefused',
      `file "${path.replaceAll('\0', '\\0')}": not a path inside a repository; rename it`,
    );
  return join(folder, path);
}

async function writeAll(folder: string, files: FileTree): Promise<void> {
  const targets = [...files].map(([path, bytes]) => ({ target: below(folder, path), bytes }));
  for (const parent of new Set(targets.map(({ target }) => dirname(target))))
    await mkdir(parent, { recursive: true, mode: 0o700 });
  await mapBounded(targets, WRITERS, ({ target, bytes }) => writeFile(target, bytes, { mode: 0o600, flag: 'wx' }));
}
