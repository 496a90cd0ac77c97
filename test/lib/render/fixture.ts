import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application, Source } from '../../../lib/model/application.ts';
import type { Commit } from '../../../lib/model/commit.ts';
import type { FileTree } from '../../../lib/model/source-tree.ts';
import type { GitSnapshot } from '../../../lib/ports/git.ts';
import { isWithin } from '../../../lib/render/paths.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/render');

/** Files from texts, as a commit would have them. */
export function treeOf(texts: Readonly<Record<string, string>>): FileTree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

/** The files of a fixture, below its own name. */
export function fixtureTree(name: string): FileTree {
  const folder = join(FIXTURES, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(FIXTURES.length + 1), readFileSync(path)];
    }),
  );
}

/** What a commit says of itself. */
export const A_COMMIT: Commit = {
  author: 'Ada',
  at: '2026-01-01T00:00:00.000Z',
  subject: 'Change the shop',
  signed: false,
};

/** A commit that holds these files; it remembers what was checked out. */
export function snapshotOf(tree: FileTree): GitSnapshot & { readonly checkouts: string[][] } {
  const below = (path: string): [string, Uint8Array][] => [...tree].filter(([file]) => isWithin(file, path));
  const checkouts: string[][] = [];
  return {
    revision: 'c0ffee',
    commit: A_COMMIT,
    checkouts,
    oid: (path) => {
      const files = below(path);
      if (files.length === 0) return undefined;
      const hash = createHash('sha1');
      for (const [file, bytes] of files) hash.update(file).update(bytes);
      return hash.digest('hex');
    },
    checkout: async (paths) => {
      checkouts.push([...paths]);
      return new Map(paths.flatMap(below));
    },
  };
}

export function sourceOf(source: Partial<Source>): Source {
  return { repo: 'https://git.test/acme/shop', ref: 'main', path: '', ...source };
}

export function applicationOf(source: Partial<Source>): Application {
  return {
    name: 'shop',
    project: 'default',
    sources: [sourceOf(source)],
    destination: { cluster: 'prod', namespace: 'store' },
    sync: {
      mode: 'auto',
      prune: true,
      pruneProtected: [],
      maxPrunePercent: 50,
      allowEmpty: false,
      createNamespace: false,
      force: false,
      recreate: false,
      timeoutSeconds: 600,
    },
    drift: { mode: 'correct' },
  };
}
