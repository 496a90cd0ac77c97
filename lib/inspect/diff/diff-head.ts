// In: an application. Out: what deploying the head of its ref would change of what is deployed: both rendered, and compared with each other, not with the cluster. May
// go wrong: as the scope may. What Git or the renderer say is a value: why nothing could be compared.
import { asDriftlessError } from '../../errors.ts';
import { type Application, primarySource } from '../../model/application.ts';
import type { ApplicationRecord } from '../../model/application-record.ts';
import type { Change, Manifest, Refusal } from '../../model/change-set.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { Project } from '../../model/configuration.ts';
import type { Cluster, Clusters } from '../../ports/cluster.ts';
import type { Git } from '../../ports/git.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Blobs } from '../../ports/store.ts';
import { repositoryPermit } from '../../projects/limits.ts';
import { JsonBlobs } from '../../runtime/json-blobs.ts';
import { fetchSource, inputsUnchanged } from '../../sync/render/fetch-source.ts';
import { renderSource } from '../../sync/render/render-source.ts';
import { isMeant } from '../find-object.ts';
import { openPermitted, type PermittedPorts } from '../scope.ts';
import type { DiffRequest } from './diff-live.ts';
import { diffRenderings } from './diff-renderings.ts';

export type HeadDiffPorts = PermittedPorts & {
  readonly clusters: Pick<Clusters, 'open'>;
  readonly git: Git;
  readonly renderer: Renderer;
  readonly blobs: Blobs;
  readonly clock: Pick<Clock, 'sleep'>;
};

/** What deploying the head would change. */
export type HeadDiff = {
  /** The head of the ref; absent where Git does not tell. */
  readonly revision?: string;
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
  /** Why it was not compared, or not in full. */
  readonly unread: readonly string[];
};

/** The HTTP API waits 30 s; a rendering that takes longer is left to `sync`. */
const WITHIN_MS = 20_000;

/** Compares what is deployed with the head. */
export async function diffHead({ app: name, object }: DiffRequest, ports: HeadDiffPorts): Promise<HeadDiff> {
  const { record, project, clusterName } = await openPermitted(name, ports);
  try {
    const ended = new AbortController();
    const late = ports.clock.sleep(WITHIN_MS, ended.signal).then((): HeadDiff => TOO_LATE);
    const diff = await Promise.race([compare({ record, project, clusterName }, ports), late]).finally(() =>
      ended.abort(),
    );
    if (object === undefined) return diff;
    const isAsked = ({ id }: Change | Refusal): boolean => isMeant(object, id);
    return { ...diff, changes: diff.changes.filter(isAsked), refusals: diff.refusals.filter(isAsked) };
  } catch (thrown) {
    return { changes: [], refusals: [], unread: [asDriftlessError(thrown).message] };
  }
}

const TOO_LATE: HeadDiff = {
  changes: [],
  refusals: [],
  unread: [`rendering the head takes longer than ${WITHIN_MS / 1000} s; driftless plan renders it on your machine`],
};

type Compared = {
  readonly record: ApplicationRecord;
  readonly project: Project | undefined;
  readonly clusterName: string;
};

async function compare({ record, project, clusterName }: Compared, ports: HeadDiffPorts): Promise<HeadDiff> {
  const { app, lastSync, specHash } = record;
  const { repo, ref } = primarySource(app);
  const permit = repositoryPermit(project);
  const revision = await ports.git.resolve(repo, ref, permit);
  const same: HeadDiff = { revision, changes: [], refusals: [], unread: [] };
  const isSameSpec = lastSync?.specHash === specHash;
  if (lastSync?.revision === revision && isSameSpec) return same;
  const snapshot = await ports.git.open(repo, revision, permit);
  if (lastSync !== undefined && isSameSpec && inputsUnchanged(lastSync.inputs, snapshot)) return same;
  const cluster = await ports.clusters.open(clusterName);
  const { files } = await fetchSource(app, snapshot);
  const capabilities = await cluster.capabilities();
  const next = await renderSource({ app, files, capabilities }, { renderer: ports.renderer });
  const stored = lastSync && (await new JsonBlobs<readonly Manifest[]>(ports.blobs).find(lastSync.renderedKey));
  const deployed = stored ?? [];
  const isLost = lastSync !== undefined && stored === undefined;
  const served = await servedKinds([...deployed, ...next], cluster);
  const placement = { app: app.name, namespace: namespaceOf(app) };
  const diff = diffRenderings({ deployed, next }, placement, (apiVersion, kind) => served.get(`${apiVersion}/${kind}`));
  return {
    ...same,
    ...diff,
    unread: isLost ? ['the deployed rendering is no longer stored; sync the application once'] : [],
  };
}

function namespaceOf({ destination }: Application): string {
  return destination.namespace;
}

async function servedKinds(
  manifests: readonly Manifest[],
  cluster: Pick<Cluster, 'kind'>,
): Promise<ReadonlyMap<string, ServedKind>> {
  const types = new Map(manifests.map(({ object }) => [`${object.apiVersion}/${object.kind}`, object]));
  const served = new Map<string, ServedKind>();
  for (const [key, { apiVersion, kind }] of types) {
    const known = await cluster.kind(apiVersion, kind);
    if (known !== undefined) served.set(key, known);
  }
  return served;
}
