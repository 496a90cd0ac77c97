// In: a commit and paths in it. Out: the files at and below them with their blobs, and the blobs that must be fetched to continue. May go wrong:
// PathNotFound; SourceRefused for broken or unsafe links, submodules and unsafe names; SourceTooLarge.
import { DriftlessError } from '../../errors.ts';
import type { GitLimits } from '../limits.ts';
import { tooLarge } from '../too-large.ts';
import { type CommitContent, followPath, type PathResolution } from './follow-path.ts';
import type { TreeEntry } from './tree.ts';

export type Selection = {
  /** Path → blob id. */
  readonly files: ReadonlyMap<string, string>;
  /** Blobs that are not loaded yet: of files, and of links whose targets are not known yet. */
  readonly missing: ReadonlySet<string>;
};

export type SelectOptions = {
  /** Names repository and revision in every error. */
  readonly subject: string;
  readonly limits: Pick<GitLimits, 'checkoutEntries' | 'depth'>;
};

/** An entry that the walk has reached. */
type Place = {
  readonly entry: TreeEntry;
  /** Its path as the result has it. */
  readonly path: readonly string[];
  /** Its path without links. */
  readonly real: readonly string[];
  /** Folders, without links, that hold the links which led here. */
  readonly linkFolders: readonly string[];
};

/** Walks the commit without fetching; called again after the missing blobs are loaded, until none is missing. */
export function selectFiles(source: CommitContent, paths: readonly string[], options: SelectOptions): Selection {
  const walk = new Walk(source, options);
  for (const path of paths) walk.start(path);
  return walk.finish();
}

class Walk {
  readonly #source: CommitContent;
  readonly #options: SelectOptions;
  readonly #files = new Map<string, string>();
  readonly #missing = new Set<string>();
  readonly #places: Place[] = [];
  #entries = 0;

  constructor(source: CommitContent, options: SelectOptions) {
    this.#source = source;
    this.#options = options;
  }

  start(path: string): void {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    const followed = followPath(this.#source, names);
    if (followed.outcome === 'absent') {
      throw new DriftlessError(
        'PathNotFound',
        `path "${path}" of ${this.#options.subject}: no such file or folder exists`,
      );
    }
    if (followed.outcome === 'refused') throw this.#refused(`path "${path}"`, followed.why);
    this.#goTo(followed, { path: names, linkFolders: [] });
  }

  finish(): Selection {
    for (let place = this.#places.pop(); place !== undefined; place = this.#places.pop()) this.#visit(place);
    return { files: this.#files, missing: this.#missing };
  }

  #goTo(followed: PathResolution, to: Pick<Place, 'path' | 'linkFolders'>): void {
    if (followed.outcome === 'needsBlob') this.#missing.add(followed.oid);
    if (followed.outcome === 'found') this.#places.push({ ...to, entry: followed.entry, real: followed.real });
  }

  #visit(place: Place): void {
    this.#count(place);
    const { entry, path } = place;
    const name = path.join('/');
    if (entry.problem !== undefined) throw this.#refused(`entry ${JSON.stringify(name)}`, `its name ${entry.problem}`);
    if (entry.kind === 'submodule') throw this.#refused(`submodule "${name}"`, 'submodules are not supported');
    if (entry.kind === 'link') this.#visitLink(place);
    if (entry.kind === 'tree') this.#visitFolder(place);
    if (entry.kind === 'file') this.#visitFile(name, entry.oid);
  }

  #visitFile(name: string, oid: string): void {
    this.#files.set(name, oid);
    if (this.#source.blob(oid) === undefined) this.#missing.add(oid);
  }

  #visitFolder({ entry, path, real, linkFolders }: Place): void {
    for (const [name, child] of this.#source.folders.tree(entry.oid)) {
      this.#places.push({ entry: child, path: [...path, name], real: [...real, name], linkFolders });
    }
  }

  /** A link stands for its target; a link to a folder that contains it, or that led to it, would never end. */
  #visitLink({ entry, path, real, linkFolders }: Place): void {
    const target = this.#source.blob(entry.oid);
    if (target === undefined) {
      this.#missing.add(entry.oid);
      return;
    }
    const name = `symbolic link "${path.join('/')}" → ${JSON.stringify(target.toString('utf8', 0, 300))}`;
    const followed = followPath(this.#source, real);
    if (followed.outcome === 'absent') throw this.#refused(name, 'its target does not exist');
    if (followed.outcome === 'refused') throw this.#refused(name, `its target ${followed.why}`);
    const folders = [...linkFolders, real.slice(0, -1).join('/')];
    if (followed.outcome === 'found' && folders.some((folder) => isWithin(folder, followed.real.join('/')))) {
      throw this.#refused(name, 'it leads back to a folder that contains it');
    }
    this.#goTo(followed, { path, linkFolders: folders });
  }

  #count({ path }: Place): void {
    const { limits, subject } = this.#options;
    this.#entries += 1;
    if (this.#entries > limits.checkoutEntries) {
      throw tooLarge(subject, 'checkoutEntries', { actual: this.#entries, limit: limits.checkoutEntries });
    }
    if (path.length > limits.depth) throw tooLarge(subject, 'depth', { actual: path.length, limit: limits.depth });
  }

  #refused(what: string, why: string): DriftlessError {
    return new DriftlessError('SourceRefused', `${what} of ${this.#options.subject}: ${why}`);
  }
}

function isWithin(folder: string, ancestor: string): boolean {
  return ancestor === '' || folder === ancestor || folder.startsWith(`${ancestor}/`);
}
