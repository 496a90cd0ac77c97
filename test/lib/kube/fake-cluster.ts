import type { ServerOptions } from 'node:https';
import { createCluster, type OpenCluster } from '../../../lib/kube/cluster.ts';
import type { ClusterAccess } from '../../../lib/model/cluster-access.ts';
import type { ServedKind } from '../../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { Log } from '../../../lib/ports/runtime.ts';
import { type Answer, type FakeApiServer, type Received, startFakeApiServer } from '../../fakes/api-server.ts';
import { LeapingClock } from '../../fakes/leaping-clock.ts';

export const CONFIG_MAP: ServedKind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
export const SECRET: ServedKind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
export const NAMESPACE: ServedKind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
export const DEPLOYMENT: ServedKind = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

/** An object of a kind in the namespace `shop`. */
export function objectOf({ group, version, kind }: ServedKind, name: string, rest: object = {}): KubeObject {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...rest };
}

type Options = {
  readonly access?: (server: FakeApiServer) => Partial<ClusterAccess>;
  readonly tls?: ServerOptions;
  readonly timeoutMs?: number;
  readonly connections?: number;
};

type Opened = {
  readonly cluster: OpenCluster;
  readonly server: FakeApiServer;
  readonly clock: LeapingClock;
  readonly warnings: readonly string[];
};

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A client and the fake API server that it talks to; both end with the test. */
export async function openFake(
  answer: (request: Received, number: number) => Answer,
  options: Options = {},
): Promise<Opened> {
  const server = await startFakeApiServer(answer, options.tls);
  opened.push(server);
  const clock = new LeapingClock();
  const warnings: string[] = [];
  const log: Log = { info() {}, warn: (message) => void warnings.push(message), error() {}, bind: () => log };
  const { timeoutMs = 5_000, connections = 4 } = options;
  const auth = async () => ({ authorization: 'Bearer token' });
  const access = { server: server.url, auth, ...options.access?.(server) };
  const cluster = createCluster(access, { clock, log, version: '1.2.3', timeoutMs, connections });
  opened.push(cluster);
  return { cluster, server, clock, warnings };
}

/** All that an asynchronous sequence gives. */
export async function collect<T>(sequence: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of sequence) all.push(one);
  return all;
}
