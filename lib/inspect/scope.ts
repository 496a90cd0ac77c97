// In: an application's name. Out: what of it may be read live: the entries of its inventory that its project permits, and the cluster they are in. Nothing is read
// before the project was asked. May go wrong: ApplicationUnknown, ProjectForbids, and what opening a cluster may.
import { DriftlessError } from '../errors.ts';
import { loadOwnRules, rulesOf } from '../health/own-rules.ts';
import { rolloutHealth, type WorkloadView } from '../health/rollout-health.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Project } from '../model/configuration.ts';
import type { Health } from '../model/health.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { formatRef, type KubeObject, type ObjectId } from '../model/kube-object.ts';
import type { InspectedCluster, InspectedClusters } from '../ports/inspect.ts';
import type { Projects } from '../ports/projects.ts';
import type { Clock } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import { DEFAULT_PROJECT, withinProject } from '../projects/limits.ts';
import { destinationProblem, objectProblem } from '../projects/permissions.ts';
import { configuredApplication } from '../queries/application.ts';

export type PermittedPorts = { readonly state: StateStore; readonly projects: Projects };

export type ScopePorts = PermittedPorts & {
  readonly clusters: InspectedClusters;
  readonly clock: Pick<Clock, 'now'>;
  /** The deployer's own identity. */
  readonly deployer: string;
};

/** What an application's project lets be read. */
type Permitted = {
  readonly record: ApplicationRecord;
  /** Undefined where it is not declared, and permits everything. */
  readonly project: Project | undefined;
  /** The cluster that the objects are in. */
  readonly clusterName: string;
  readonly entries: readonly InventoryEntry[];
  /** Why other entries are not read. */
  readonly outside: readonly string[];
};

/** Pods of workloads, and the ReplicaSets between. */
export type PodsOf = Required<Pick<WorkloadView, 'pods' | 'replicaSets'>>;

const NO_PODS: PodsOf = { pods: [], replicaSets: [] };

/** What may be read of an application. */
export type ReadScope = Omit<Permitted, 'project' | 'clusterName'> & {
  readonly deployer: string;
  readonly cluster: InspectedCluster;
  /** Whether an object that another one owns may be read. */
  permits(owned: ObjectId): boolean;
  /** The health of a live object, by the configuration's own rules first; that of a workload with what its pods show. */
  health(object: KubeObject, pods?: PodsOf): Health;
};

/** Asks the project before anything is read. */
export async function openPermitted(name: string, ports: PermittedPorts): Promise<Permitted> {
  const record = await configuredApplication(name, ports);
  const { app, place } = record;
  const { projects } = await ports.projects.declared();
  const project = projects.find((one) => one.name === app.project);
  const clusterName = place?.cluster ?? app.destination.cluster;
  const problem = applicationObjection(record, project);
  if (problem !== undefined) throw new DriftlessError('ProjectForbids', `Application/${name}: ${problem}`);
  const destination = { ...app.destination, cluster: clusterName };
  const { inside, outside } = withinProject(await ports.state.inventory(name), { destination }, project);
  return {
    ...{ record, project, clusterName },
    entries: inside,
    outside: outside.map(([entry, why]) => `${formatRef(entry)}: ${why}`),
  };
}

/** Opens what may be read. */
export async function openScope(name: string, ports: ScopePorts): Promise<ReadScope> {
  const { project, clusterName, ...permitted } = await openPermitted(name, ports);
  const { clusters } = await ports.projects.declared();
  const rules = await loadOwnRules(rulesOf(clusterName, clusters));
  const context = { now: ports.clock.now(), ...(rules && { rules }) };
  return {
    ...permitted,
    deployer: ports.deployer,
    cluster: await ports.clusters.inspect(clusterName),
    health: (object, pods = NO_PODS) => rolloutHealth({ workload: object, ...pods }, context),
    permits: (owned) => project === undefined || isPermitted(owned, { project, cluster: clusterName }),
  };
}

/** The pods, and the ReplicaSets that they may belong to, among objects. */
export function podsIn(owned: readonly KubeObject[]): PodsOf {
  return {
    pods: owned.filter(({ kind }) => kind === 'Pod'),
    replicaSets: owned.filter(({ kind }) => kind === 'ReplicaSet'),
  };
}

function applicationObjection({ app }: ApplicationRecord, project: Project | undefined): string | undefined {
  if (project !== undefined) return destinationProblem(project, app.destination);
  return app.project === DEFAULT_PROJECT ? undefined : `Project/${app.project} is not declared`;
}

/** A list of kinds says what applications deploy, and not what controllers make of it; what it denies is not read either. */
function isPermitted(
  owned: ObjectId,
  { project, cluster }: { readonly project: Project; readonly cluster: string },
): boolean {
  const { deny = [] } = project.namespaceResources ?? {};
  return objectProblem({ ...project, namespaceResources: { deny } }, cluster, owned) === undefined;
}
