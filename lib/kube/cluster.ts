import { asDriftlessError } from '../errors.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import type { ApplyResult, DeletedVersion, DeleteResult, ServedKind, WriteOptions } from '../model/cluster-api.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ProjectUser } from '../model/project-user.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { InspectedCluster } from '../ports/inspect.ts';
import { createClusterUid } from './cluster-uid.ts';
import { createDiscovery, type Discovery } from './discovery.ts';
import { type ClusterOptions, createTransport, type Transport } from './http/transport.ts';
import { impersonating } from './impersonate.ts';
import { listAll } from './list.ts';
import { formatTarget, identityProblem, objectPath, type RequestTarget } from './path.ts';
import { readPodLog } from './pod-log.ts';
import { NAMESPACE, projectCluster } from './project-cluster.ts';
import { type ApiResponse, namesAnObject, readKubeObject, responseError } from './response/api-response.ts';
import { applyResult } from './response/apply-result.ts';
import { safeMessage } from './response/safe-message.ts';
import { watchEvents } from './watch.ts';

type DeleteRequest = {
  readonly kind: ServedKind;
  readonly id: DeletedVersion;
  readonly options: WriteOptions;
};

/** A client with connections of its own. */
export type OpenCluster = Cluster &
  Pick<InspectedCluster, 'podLog'> & {
    /** The same API server; writes and dry-runs are sent as the user, reads as the deployer itself. */
    as(user: ProjectUser): Cluster;
    close(): Promise<void>;
  };

/** A Kubernetes API server as the port `Cluster`; `close` ends its connections. */
export function createCluster(access: ClusterAccess, options: ClusterOptions): OpenCluster {
  const transport = createTransport(access, options);
  const discovery = createDiscovery(transport, options.clock);
  const uid = createClusterUid(
    (name) => getObject(transport, { verb: 'get', kind: NAMESPACE, namespace: undefined, name }),
    options.clock,
  );
  const own = clusterOf(transport, transport, { discovery, uid });
  return {
    ...own,
    as: (user) => {
      const written = clusterOf(transport, impersonating(transport, user), { discovery, uid });
      return projectCluster({ own, written, user, clock: options.clock });
    },
    podLog: (query) => readPodLog(transport, query),
    close: () => transport.close(),
  };
}

type Known = Pick<Cluster, 'uid'> & { readonly discovery: Discovery };

/** @param writing sends writes and dry-runs */
function clusterOf(transport: Transport, writing: Transport, { discovery, uid }: Known): Cluster {
  /** Refreshes discovery after a kind was not found. */
  async function forgetMissingKinds<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      if (asDriftlessError(error).code === 'KindNotFound') discovery.forget();
      throw error;
    });
  }

  return {
    uid,
    capabilities: async () => ({ version: await discovery.version(), apiVersions: await discovery.apiVersions() }),
    kind: (apiVersion, kind) => discovery.kind(apiVersion, kind),
    list: (query) => forgetMissingKinds(listAll(transport, query)),
    get: (kind, { namespace, name }) =>
      forgetMissingKinds(getObject(transport, { verb: 'get', kind, namespace, name })),
    async apply(kind, object, writeOptions) {
      const result = await applyObject(writing, { kind, object, options: writeOptions });
      if (result.status === 'refused' && result.reason === 'kindMissing') discovery.forget();
      return result;
    },
    setManagedFields: (kind, live, writeOptions) => setManagedFields(writing, { kind, live, options: writeOptions }),
    delete: (kind, id, writeOptions) => forgetMissingKinds(deleteObject(writing, { kind, id, options: writeOptions })),
    watch: (query, signal) => watchEvents(transport, query, signal),
  };
}

async function getObject(
  transport: Transport,
  target: RequestTarget & { readonly name: string },
): Promise<KubeObject | undefined> {
  const response = await transport.send({ method: 'GET', path: objectPath(target) });
  if (response.status === 200) return readKubeObject(response.body, target);
  if (isAbsent(response, target)) return undefined;
  throw responseError(response, target);
}

/** Only a 404 that names this object proves that it does not exist. */
function isAbsent(response: ApiResponse, { name }: RequestTarget): boolean {
  return response.status === 404 && namesAnObject(response) && response.failure?.details.name === name;
}

async function applyObject(
  transport: Transport,
  { kind, object, options }: { readonly kind: ServedKind; readonly object: KubeObject; readonly options: WriteOptions },
): Promise<ApplyResult> {
  const { name, namespace } = object.metadata;
  const target = { verb: 'patch', kind, namespace, name } as const;
  const problem = identityProblem(target);
  if (problem !== undefined) {
    const message = `${formatTarget(target)}: ${problem.field} ${problem.message}`;
    return { status: 'refused', reason: 'invalid', message, causes: [problem] };
  }
  const parameters = new URLSearchParams({ fieldManager: 'driftless', fieldValidation: 'Strict' });
  parameters.set('force', String(options.force === true));
  if (options.dryRun) parameters.set('dryRun', 'All');
  const response = await transport.send({
    method: 'PATCH',
    path: `${objectPath(target)}?${parameters}`,
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(object),
    guard: guardOf(options),
  });
  return applyResult(response, target);
}

/** A JSON patch, since server-side apply cannot change the fields of other managers; a 409 or 422 means that the object has changed since. */
async function setManagedFields(
  transport: Transport,
  { kind, live, options }: { readonly kind: ServedKind; readonly live: KubeObject; readonly options: WriteOptions },
): Promise<boolean> {
  const { name, namespace, resourceVersion, managedFields } = live.metadata;
  const target = { verb: 'patch', kind, namespace, name } as const;
  const response = await transport.send({
    method: 'PATCH',
    path: objectPath(target),
    headers: { 'content-type': 'application/json-patch+json' },
    body: JSON.stringify([
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      { op: 'replace', path: '/metadata/managedFields', value: managedFields },
    ]),
    guard: guardOf(options),
  });
  if (response.status < 300) return true;
  if (response.status === 409 || response.status === 422) return false;
  throw responseError(response, target);
}

async function deleteObject(transport: Transport, { kind, id, options }: DeleteRequest): Promise<DeleteResult> {
  const { uid, resourceVersion } = id;
  const target = { verb: 'delete', kind, namespace: id.namespace, name: id.name } as const;
  const response = await transport.send({
    method: 'DELETE',
    path: objectPath(target),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid, ...(resourceVersion !== undefined && { resourceVersion }) },
      propagationPolicy: 'Background',
      ...(options.dryRun && { dryRun: ['All'] }),
    }),
    guard: guardOf(options),
  });
  if (response.status < 300) return { status: 'deleted' };
  if (isAbsent(response, target)) return { status: 'absent' };
  if (response.status === 409) return { status: 'conflict' };
  if (response.status === 400 || response.status === 403 || response.status === 422)
    return refusedDelete(response, target);
  throw responseError(response, target);
}

function refusedDelete(response: ApiResponse, { kind }: RequestTarget): DeleteResult {
  const message =
    response.failure === undefined ? `HTTP ${response.status}` : safeMessage(response.failure, kind).message;
  return { status: 'refused', message };
}

function guardOf({ dryRun, guard }: WriteOptions): (() => void) | undefined {
  return dryRun ? undefined : guard;
}
