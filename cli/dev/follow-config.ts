// In: the folder or file that a configuration is in. Out: a call whenever it has changed and been quiet for a moment. A folder that goes
// away ends it silently; the caller keeps what it has.
import { statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isLeftOut } from '../../lib/config/config-files.ts';

/** An editor writes a file in several steps. */
const QUIET_MS = 300;

/** Calls `reload` after changes, one call at a time; gives what ends it. */
export function followConfig(path: string, reload: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(reload);
    }, QUIET_MS);
  };
  // Many editors replace a file by a new one, so its folder is watched.
  const isFolder = statSync(path).isDirectory();
  const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_event, name) => {
    if (name === null || concerns(name)) changed();
  });
  watcher.on('error', () => undefined);

  function concerns(name: string): boolean {
    return isFolder ? !isLeftOut(name) : name === basename(path);
  }
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
