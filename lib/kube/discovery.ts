import { DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Transport } from './http/transport.ts';
import { mergeServed, parseAggregated, parseGroupVersions, parseResources, type Served } from './parse-discovery.ts';
import { type ApiResponse, RENEW, readJson } from './response/api-response.ts';

export type Discovery = {
  kind(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  /** `v1.36.3`. */
  version(): Promise<string>;
  /** Every `group/version` and `group/version/Kind`. */
  apiVersions(): Promise<readonly string[]>;
  /** Clears the cache, after a request has shown that the served kinds have changed. */
  forget(): void;
};

type Snapshot = { readonly served: Served; readonly number: number; readonly at: number };

const CACHE_MS = 10 * 60 * 1000;

const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Discovers what the API server serves: three requests, cached for ten minutes and repeated for a kind that is not found. */
export function createDiscovery(transport: Transport, clock: Clock): Discovery {
  let known: Snapshot | undefined;
  let pending: { readonly number: number; readonly snapshot: Promise<Snapshot> } | undefined;
  let release: { readonly version: string; readonly at: number } | undefined;
  let started = 0;

  function refetch(): Promise<Snapshot> {
    started += 1;
    const number = started;
    const snapshot = fetchServed(transport)
      .then((served) => {
        known = { served, number, at: clock.monotonic() };
        return known;
      })
      .finally(() => {
        pending = undefined;
      });
    pending = { number, snapshot };
    return snapshot;
  }

  async function current(): Promise<Snapshot> {
    if (known !== undefined && clock.monotonic() - known.at < CACHE_MS) return known;
    return pending?.snapshot ?? refetch();
  }

  /** What is served now, by a fetch that began after the `number`-th; simultaneous callers share one fetch. */
  async function newerThan(number: number): Promise<Snapshot> {
    if (pending !== undefined && pending.number <= number) await pending.snapshot.catch(() => undefined);
    if (known !== undefined && known.number > number) return known;
    return pending?.snapshot ?? refetch();
  }

  return {
    async kind(apiVersion, kind) {
      const before = started;
      const key = `${apiVersion}/${kind}`;
      const found = (await current()).served.kinds.get(key);
      if (found !== undefined) return found;
      const { served } = await newerThan(before);
      if (served.stale.has(apiVersion) && !served.kinds.has(key)) throw staleGroup(apiVersion, kind);
      return served.kinds.get(key);
    },
    async version() {
      if (release === undefined || clock.monotonic() - release.at >= CACHE_MS) {
        const { gitVersion } = await fetchDocument(transport, '/version');
        release = { version: String(gitVersion ?? ''), at: clock.monotonic() };
      }
      return release.version;
    },
    async apiVersions() {
      const { served } = await current();
      return [...served.groupVersions, ...served.kinds.keys()].sort();
    },
    forget() {
      known = undefined;
      release = undefined;
    },
  };
}

function staleGroup(apiVersion: string, kind: string): DriftlessError {
  const message = `${kind}: the server behind API group "${apiVersion}" does not answer; see kubectl get apiservices`;
  return new DriftlessError('ApiServerRejected', message);
}

async function fetchServed(transport: Transport): Promise<Served> {
  const parts = await Promise.all(['/api', '/apis'].map((path) => fetchPart(transport, path)));
  return mergeServed(parts);
}

async function fetchDocument(transport: Transport, path: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await transport.send({
    method: 'GET',
    path,
    headers: { accept: ACCEPT, 'accept-encoding': 'gzip' },
  });
  if (response.status !== 200) throw discoveryFailed(path, response);
  return readJson(response.body, `GET ${path}`);
}

async function fetchPart(transport: Transport, path: string): Promise<Served> {
  const document = await fetchDocument(transport, path);
  const aggregated = parseAggregated(document);
  if (aggregated !== undefined) return aggregated;
  const groupVersions = parseGroupVersions(document);
  if (groupVersions === undefined)
    throw new DriftlessError('ApiServerRejected', `${path}: the API server did not return a list of API groups`);
  return mergeServed(await Promise.all(groupVersions.map((groupVersion) => fetchVersion(transport, groupVersion))));
}

/** One version in the old form of discovery; one that is not available is stale and does not affect the others. */
async function fetchVersion(transport: Transport, groupVersion: string): Promise<Served> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const response = await transport.send({ method: 'GET', path, retryMs: 0 });
  const served = response.status === 200 ? parseResources(readJson(response.body, path), groupVersion) : undefined;
  return served ?? { kinds: new Map(), groupVersions: [groupVersion], stale: new Set([groupVersion]) };
}

function discoveryFailed(path: string, { status, failure }: ApiResponse): DriftlessError {
  const reason = failure?.message ?? 'no explanation';
  if (status === 401)
    return new DriftlessError(
      'ClusterAccessDenied',
      `GET ${path}: the API server does not accept the credentials: ${reason}`,
      { hint: RENEW },
    );
  if (status === 403)
    return new DriftlessError(
      'ClusterAccessDenied',
      `GET ${path}: the API server does not allow the deployer to discover its kinds: ${reason}`,
    );
  const code = status === 429 || status > 500 ? 'ApiServerUnreachable' : 'ApiServerRejected';
  return new DriftlessError(code, `GET ${path}: discovery failed with HTTP ${status}: ${reason}`);
}
