import { DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Transport } from './http/transport.ts';
import { mergeServed, parseAggregated, parseGroupVersions, parseResources, type Served } from './parse-discovery.ts';
import { type Reply, readJson } from './response/api-response.ts';

export type Discovery = {
  kind(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  /** `v1.36.3`. */
  version(): Promise<string>;
  /** Every `group/version` and `group/version/Kind`. */
  apiVersions(): Promise<readonly string[]>;
  /** Forgets what is served, when a request shows that it has changed. */
  forget(): void;
};

type Snapshot = { readonly served: Served; readonly number: number; readonly at: number };

const KEPT_MS = 10 * 60 * 1000;

const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Knows what the API server serves: three requests, kept for ten minutes, made anew for a kind that is not there yet. */
export function createDiscovery(transport: Transport, clock: Clock): Discovery {
  let known: Snapshot | undefined;
  let pending: { readonly number: number; readonly snapshot: Promise<Snapshot> } | undefined;
  let release: { readonly version: string; readonly at: number } | undefined;
  let started = 0;

  function fetchAnew(): Promise<Snapshot> {
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
    if (known !== undefined && clock.monotonic() - known.at < KEPT_MS) return known;
    return pending?.snapshot ?? fetchAnew();
  }

  /** What is served now, from a look that began after the `number`-th; those who ask together look once. */
  async function newerThan(number: number): Promise<Snapshot> {
    if (pending !== undefined && pending.number <= number) await pending.snapshot.catch(() => undefined);
    if (known !== undefined && known.number > number) return known;
    return pending?.snapshot ?? fetchAnew();
  }

  return {
    async kind(apiVersion, kind) {
      const asked = started;
      const key = `${apiVersion}/${kind}`;
      const found = (await current()).served.kinds.get(key);
      if (found !== undefined) return found;
      const { served } = await newerThan(asked);
      if (served.stale.has(apiVersion) && !served.kinds.has(key)) throw staleGroup(apiVersion, kind);
      return served.kinds.get(key);
    },
    async version() {
      if (release === undefined || clock.monotonic() - release.at >= KEPT_MS) {
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
  const reply = await transport.send({ method: 'GET', path, headers: { accept: ACCEPT, 'accept-encoding': 'gzip' } });
  if (reply.status !== 200) throw discoveryFailed(path, reply);
  return readJson(reply.body, `GET ${path}`);
}

async function fetchPart(transport: Transport, path: string): Promise<Served> {
  const document = await fetchDocument(transport, path);
  const aggregated = parseAggregated(document);
  if (aggregated !== undefined) return aggregated;
  const groupVersions = parseGroupVersions(document);
  if (groupVersions === undefined)
    throw new DriftlessError('ApiServerRejected', `${path}: the API server answered no list of API groups`);
  return mergeServed(await Promise.all(groupVersions.map((groupVersion) => fetchVersion(transport, groupVersion))));
}

/** One version in the old form of discovery; one that cannot be had is stale and does not break the others. */
async function fetchVersion(transport: Transport, groupVersion: string): Promise<Served> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const reply = await transport.send({ method: 'GET', path, retryMs: 0 });
  const served = reply.status === 200 ? parseResources(readJson(reply.body, path), groupVersion) : undefined;
  return served ?? { kinds: new Map(), groupVersions: [groupVersion], stale: new Set([groupVersion]) };
}

function discoveryFailed(path: string, { status, failure }: Reply): DriftlessError {
  const said = failure?.message ?? 'no explanation';
  if (status === 401 || status === 403)
    return new DriftlessError(
      'ClusterAccessDenied',
      `GET ${path}: the API server does not let us discover its kinds: ${said}`,
    );
  const code = status === 429 || status > 500 ? 'ApiServerUnreachable' : 'ApiServerRejected';
  return new DriftlessError(code, `GET ${path}: discovery failed with HTTP ${status}: ${said}`);
}
