// In: the folder or file that a configuration is in. Out: a call whenever it has changed, however it was saved, and been quiet for a moment. What the
// system tells of folders says when to look; since it follows inodes and may tell nothing (node#52879), the trace is compared at short intervals too.
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isConfigFile, isLeftOut } from '../../../lib/config/config-files.ts';
import { type ConfigTrace, traceOf } from './config-trace.ts';

/** An editor writes a file in several steps, and a checkout many files. */
const QUIET_MS = 200;
/** A checkout that goes on and on is read in between. */
const MOST_ROUNDS = 10;
const LOOK_MS = 700;
/** A large folder is looked at less often, so that looking takes a thousandth of the time; as often as the sweep at least. */
const SHARE = 1000;
const LONGEST_MS = 30_000;
/** Many events come at once. */
const GATHER_MS = 50;
/** How Kubernetes swaps the files of a mounted ConfigMap. */
const MOUNTED = '..data';

export type ConfigFollowing = {
  /** The trace from before the configuration was read the last time. */
  readonly seen: ConfigTrace;
  readonly reload: () => Promise<void>;
  /** Milliseconds between two looks without an event; 700. */
  readonly lookMs?: number;
  /** False: only looks find a change, as where a file system tells of none. */
  readonly watches?: boolean;
};

/** Calls `reload` after changes, one call at a time; returns what ends it. */
export function followConfig(path: string, following: ConfigFollowing): () => void {
  const follower = new Follower(path, following);
  follower.start();
  return () => follower.stop();
}

class Follower {
  readonly #path: string;
  readonly #following: ConfigFollowing;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #watchers: readonly FSWatcher[] = [];
  #watched = '';
  #loaded: string;
  /** The trace of the look before, where it differs from what is loaded. */
  #changed: string | undefined;
  #rounds = 0;
  #last = Promise.resolve();

  constructor(path: string, following: ConfigFollowing) {
    this.#path = path;
    this.#following = following;
    this.#loaded = following.seen.files;
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Number.NEGATIVE_INFINITY;
    this.#unwatch();
  }

  #look(): void {
    this.#due = 0;
    const began = performance.now();
    const trace = traceOf(this.#path);
    this.#watch(trace);
    const isQuiet = this.#isQuiet(trace.files);
    const cost = performance.now() - began;
    this.#lookWithin(
      isQuiet ? Math.max(this.#following.lookMs ?? LOOK_MS, Math.min(cost * SHARE, LONGEST_MS)) : QUIET_MS,
    );
  }

  /** Whether there is nothing more to wait for; loads what has changed and stayed the same since the look before. */
  #isQuiet(files: string): boolean {
    if (files === this.#loaded) {
      this.#changed = undefined;
      return true;
    }
    const isSettled = files === this.#changed || this.#rounds >= MOST_ROUNDS;
    this.#changed = isSettled ? undefined : files;
    this.#rounds = isSettled ? 0 : this.#rounds + 1;
    if (!isSettled) return false;
    this.#loaded = files;
    this.#last = this.#last.then(this.#following.reload);
    return true;
  }

  /** Looks again after this time at the latest. */
  #lookWithin(ms: number): void {
    const due = performance.now() + ms;
    if (this.#due !== 0 && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  /** Watches the folders again where they are others than before. */
  #watch({ folders }: ConfigTrace): void {
    const wanted = JSON.stringify(folders);
    if (wanted === this.#watched || this.#following.watches === false) return;
    this.#unwatch();
    this.#watched = wanted;
    const own = basename(this.#path);
    const inParent = (_event: string, name: string): boolean => name === own || name === MOUNTED;
    const inFolder = (event: string, name: string): boolean =>
      event === 'rename' ? !isLeftOut(name) || name === MOUNTED : isConfigFile(name) && !isLeftOut(name);
    const all = [[dirname(this.#path), inParent] as const, ...folders.map(({ path }) => [path, inFolder] as const)];
    this.#watchers = all.flatMap(([folder, concerns]) => this.#watcherOf(folder, concerns));
  }

  /** Without a watcher, for example where the system has no more of them, the looks at intervals find the change. */
  #watcherOf(folder: string, concerns: (event: string, name: string) => boolean): readonly FSWatcher[] {
    try {
      const watcher = watch(folder, (event, name) => {
        if (this.#changed === undefined && (name === null || concerns(event, name))) this.#lookWithin(GATHER_MS);
      });
      return [watcher.on('error', () => watcher.close())];
    } catch {
      return [];
    }
  }

  #unwatch(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#watched = '';
  }
}
