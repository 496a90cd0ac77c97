// In: a repository's URL with a ref or a commit. Out: the commit, and its files. May go wrong: RefNotFound, RepositoryEmpty, CommitNotFound,
// PathNotFound, SourceRefused, SourceTooLarge, GitAccessDenied, GitUnreachable, GitProtocol; none carries a secret.

import { singleFlight } from '../async/single-flight.ts';
import { DriftlessError } from '../errors.ts';
import type { Distance } from '../model/head.ts';
import type { Git, GitLog, Permit } from '../ports/git.ts';
import type { Secrets } from '../ports/runtime.ts';
import { distanceBetween } from './distance.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type GitLimits, type GitTimeouts } from './limits.ts';
import { fetchBlobs, fetchCommit, type Objects } from './protocol/fetch.ts';
import { type GitObject, isOid } from './protocol/git-object.ts';
import { resolveRef } from './protocol/refs.ts';
import { parseAddress } from './transport/address.ts';
import { createAuthorizer, credentialKey, defaultGithubApi } from './transport/credentials.ts';
import { createGithubAppTokens } from './transport/github-app.ts';
import { createHttp } from './transport/http.ts';
import { createRemote, type PermittingRemote, type Remote } from './transport/remote.ts';
import { type CachedSnapshot, createSnapshot } from './tree/snapshot.ts';
import { SnapshotCache } from './tree/snapshot-cache.ts';

export type GitOptions = {
  readonly secrets: Pick<Secrets, 'gitCredentials'>;
  readonly limits?: Partial<GitLimits>;
  readonly timeouts?: Partial<GitTimeouts>;
  /** The API of a GitHub server, for GitHub Apps; by default that of github.com or of the Enterprise Server. */
  readonly githubApi?: (repository: URL) => string;
  /** Milliseconds since 1970, for the expiry of tokens. */
  readonly now?: () => number;
};

/** Git over smart HTTP, protocol version 2. Create one for each process: it reuses connections and caches recently opened commits. */
export function createGit(options: GitOptions): Git & GitLog {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const remoteOf = createRemotes(options, limits);
  const cache = new SnapshotCache(limits.cacheBytes);
  const resolveOnce = singleFlight<string>();
  const openOnce = singleFlight<CachedSnapshot>();
  const distances = new DistanceCache();
  return {
    resolve: async (repo, ref, permit) => {
      const remote = remoteOf(repo, permit);
      const place = await placeOf(repo, permit, options);
      return resolveOnce(`${ref} ${place}`, () => resolveRef(remote, ref, limits));
    },
    open: async (repo, revision, permit) => {
      const remote = remoteOf(repo, permit);
      if (!isOid(revision)) {
        throw new DriftlessError(
          'CommitNotFound',
          `commit ${JSON.stringify(revision)} of ${remote.name}: not a commit id of 40 digits`,
        );
      }
      const place = await placeOf(repo, permit, options);
      const open = () => openSnapshot({ place, remote, revision, limits, cache });
      const cached = cache.get(place, revision) ?? (await openOnce(`${revision} ${place}`, open));
      return cached.port;
    },
    distance: async (repo, { from, to }, permit) => {
      const remote = remoteOf(repo, permit);
      const place = await placeOf(repo, permit, options);
      return distances.read(`${from} ${to} ${place}`, () => distanceBetween(remote, limits, { from, to }));
    },
  };
}

/** Distances between commits never change; the oldest are forgotten first. */
class DistanceCache {
  readonly #known = new Map<string, Distance | undefined>();
  readonly #once = singleFlight<Distance | undefined>();

  async read(key: string, ask: () => Promise<Distance | undefined>): Promise<Distance | undefined> {
    if (this.#known.has(key)) return this.#known.get(key);
    const distance = await this.#once(key, ask);
    this.#known.set(key, distance);
    for (const oldest of [...this.#known.keys()].slice(0, -DISTANCES)) this.#known.delete(oldest);
    return distance;
  }
}

/** Each has at most five commits with their first lines: 2 kB. */
const DISTANCES = 200;

/** What everything is cached by: the repository as it is written, the credentials that it is read with, and who judges where it leads to. */
async function placeOf(repo: string, permit: Permit | undefined, { secrets }: GitOptions): Promise<string> {
  return JSON.stringify([repo, credentialKey(await secrets.gitCredentials(repo)), permit?.key]);
}

/** One remote for each repository. */
function createRemotes(options: GitOptions, limits: GitLimits): (repo: string, permit: Permit | undefined) => Remote {
  const { secrets, now = Date.now, githubApi = defaultGithubApi } = options;
  const http = createHttp({ ...DEFAULT_TIMEOUTS, ...options.timeouts });
  const tokens = createGithubAppTokens(http, now);
  const remotes = new Map<string, PermittingRemote>();
  const remoteOf = (repo: string): PermittingRemote => {
    const known = remotes.get(repo);
    if (known !== undefined) return known;
    const address = parseAddress(repo);
    const authorizer = createAuthorizer(repo, address, { secrets, tokens, githubApi });
    const remote = createRemote({ address, http, authorizer, limits });
    remotes.set(repo, remote);
    return remote;
  };
  return (repo, permit) => {
    const { name, use } = remoteOf(repo);
    return { name, use: (work) => use(work, permit) };
  };
}

type Opening = {
  /** As configured: another spelling of the same URL may have other credentials. */
  readonly place: string;
  readonly remote: Remote;
  readonly revision: string;
  readonly limits: GitLimits;
  readonly cache: SnapshotCache;
};

async function openSnapshot(opening: Opening): Promise<CachedSnapshot> {
  const { place, remote, revision, limits, cache } = opening;
  const objects = await fetchCommit(remote, limits, { revision, files: false });
  const snapshot = createSnapshot(objects, {
    revision,
    repo: remote.name,
    limits,
    fetch: (oids) => fetchMissing(oids, opening),
    grown: () => cache.trim(),
  });
  cache.put(place, snapshot);
  return snapshot;
}

/** Takes files from other cached commits of the repository and the rest from the server; the whole commit where the server does not send single files. */
async function fetchMissing(
  oids: readonly string[],
  { place, remote, revision, limits, cache }: Opening,
): Promise<Objects> {
  const objects = new Map<string, GitObject>();
  for (const oid of oids) {
    const bytes = cache.blob(place, oid);
    if (bytes !== undefined) objects.set(oid, { type: 'blob', bytes });
  }
  const missing = oids.filter((oid) => !objects.has(oid));
  if (missing.length === 0) return objects;
  const fetched = await fetchBlobs(remote, limits, missing).catch((error: unknown) => {
    if (!(error instanceof DriftlessError) || error.code !== 'CommitNotFound') throw error;
    return fetchCommit(remote, limits, { revision, files: true });
  });
  for (const [oid, object] of fetched) objects.set(oid, object);
  return objects;
}
