// In: an application. Out: what the deployment of the newest commit would change, by dry-runs on the API server. Nothing is written, in no store and no cluster. May
// throw what fetching, rendering and the cluster throw.
import { primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ChangeSet } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { toChangeSet } from '../plan/planned.ts';
import type { Cluster, Clusters } from '../ports/cluster.ts';
import type { Git } from '../ports/git.ts';
import type { Projects } from '../ports/projects.ts';
import type { InventoryStore } from '../ports/store.ts';
import { repositoryPermit } from '../projects/limits.ts';
import { planChanges } from './plan/plan-changes.ts';
import { fetchSource } from './render/fetch-source.ts';
import { type RenderPorts, renderSource } from './render/render-source.ts';

export type PlanHeadPorts = RenderPorts & {
  readonly git: Git;
  readonly clusters: Clusters;
  readonly projects: Projects;
  readonly state: InventoryStore;
  readonly deployer: string;
};

/** The plan of a commit. */
export type HeadPlan = ChangeSet & { readonly app: string; readonly revision: string };

/** Plans the newest commit of an application. */
export async function planHead(record: ApplicationRecord, ports: PlanHeadPorts): Promise<HeadPlan> {
  const { app, formerly = [] } = record;
  const { projects } = await ports.projects.declared();
  const project = projects.find(({ name }) => name === app.project);
  const { repo, ref } = primarySource(app);
  const permit = repositoryPermit(project);
  const revision = await ports.git.resolve(repo, ref, permit);
  const { files } = await fetchSource(app, await ports.git.open(repo, revision, permit));
  const cluster = await ports.clusters.open(app.destination.cluster, project);
  const manifests = await renderSource({ app, files, capabilities: await cluster.capabilities() }, ports);
  const inventory = await inventoryIn(cluster, record, ports.state);
  const names = formerly.map(({ name }) => name);
  const request = { app, project, deployer: ports.deployer, manifests, inventory, formerly: names };
  return { app: app.name, revision, ...toChangeSet(await planChanges(request, cluster)) };
}

/** What is recorded of this cluster; one that was made again under its name has none of it. */
async function inventoryIn(
  cluster: Cluster,
  { app, inventory, place }: ApplicationRecord,
  state: InventoryStore,
): Promise<readonly InventoryEntry[]> {
  if (inventory === undefined) return [];
  if (place?.uid !== undefined && place.uid !== (await cluster.uid())) return [];
  return (await state.inventories([{ app: app.name, ...inventory }])).get(app.name) ?? [];
}
