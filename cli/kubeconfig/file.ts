// In: where a kubeconfig may be. Out: its clusters, users and contexts, of several files together. The library's whole client would take 55 MB of
// memory, so only its reading of the entries is loaded.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import { load } from 'js-yaml';
import { kubeconfigProblem, messageOf } from './problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Entries = {
  readonly clusters: Cluster[];
  readonly users: User[];
  readonly contexts: Context[];
  readonly currentContext: string;
};

/** The files to read, in the order in which they count. */
export function kubeconfigPaths(
  path: string | undefined,
  { KUBECONFIG, HOME = homedir() }: Environment,
): readonly string[] {
  const named = path ?? (KUBECONFIG || undefined);
  const all = (named ?? join(HOME, '.kube', 'config')).split(delimiter).filter((one) => one !== '');
  // As in kubectl, a list may name files that are not there.
  const existing = all.filter((one) => existsSync(one));
  if (existing.length > 0) return existing;
  if (path !== undefined) throw kubeconfigProblem(path, 'no such file; check --kubeconfig');
  const [from, remedy] = named === undefined ? ['', 'set KUBECONFIG or'] : ['KUBECONFIG: ', 'correct KUBECONFIG, or'];
  throw kubeconfigProblem(
    all.join(delimiter),
    `${from}no such file; ${remedy} name a file with --kubeconfig`,
    'PrerequisiteMissing',
  );
}

/** Reads the files, or the text. */
export function loadEntries(paths: readonly string[], text: string | undefined): Entries {
  const parts = text === undefined ? paths.map(readEntries) : [parseEntries(text, '')];
  return {
    clusters: firstOfName(parts.flatMap(({ clusters }) => clusters)),
    users: firstOfName(parts.flatMap(({ users }) => users)),
    contexts: firstOfName(parts.flatMap(({ contexts }) => contexts)),
    currentContext: parts.map(({ currentContext }) => currentContext).find((name) => name) ?? '',
  };
}

/** The files that an entry names are found beside the one that it is in. */
function readEntries(path: string): Entries {
  const { clusters, users, ...rest } = parseEntries(() => readFileSync(path, 'utf8'), path);
  const beside = (files: Readonly<Record<string, string | undefined>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(files).flatMap(([name, file]) => (file ? [[name, resolve(dirname(path), file)]] : [])),
    );
  return {
    ...rest,
    clusters: clusters.map((one) => ({ ...one, ...beside({ caFile: one.caFile }) })),
    users: users.map((one) => ({ ...one, ...beside({ certFile: one.certFile, keyFile: one.keyFile }) })),
  };
}

function parseEntries(text: string | (() => string), path: string): Entries {
  try {
    const parsed: unknown = load(typeof text === 'string' ? text : text());
    const config: Record<string, unknown> = typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
    const current = config['current-context'];
    return {
      clusters: newClusters(config['clusters']),
      users: newUsers(config['users']),
      contexts: newContexts(config['contexts']),
      currentContext: typeof current === 'string' ? current : '',
    };
  } catch (cause) {
    // Only the first line: the parser shows the text around the fault in the next ones, tokens included.
    throw kubeconfigProblem(path, String(messageOf(cause)).split('\n', 1)[0] ?? '', 'UsageInvalid', cause);
  }
}

/** As in kubectl, the first file wins. */
function firstOfName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...new Map([...entries].reverse().map((entry) => [entry.name, entry])).values()];
}
