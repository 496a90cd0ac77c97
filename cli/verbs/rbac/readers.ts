// In: a configuration and, where a deployer is asked, the inventories of its applications. Out: the rights of the function that shows live objects.
import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import type { Configuration } from '../../../lib/model/configuration.ts';
import type { RightsObject } from '../../../lib/projects/rbac-object.ts';
import { readerRights } from '../../../lib/projects/readers.ts';
import { openApi, pathOf } from '../../client/api-client.ts';

export type ReadersOptions = {
  readonly cluster: string;
  readonly name: string;
  readonly apiGroups?: readonly string[];
  readonly url?: string;
};

/** The rights: for the groups that are named, those that projects permit by name, and those of recorded objects. */
export async function readersRights(
  { applications, projects }: Configuration,
  { cluster, name, apiGroups = [], url }: ReadersOptions,
): Promise<readonly RightsObject[]> {
  const rules = projects.flatMap(({ clusterResources, namespaceResources }) => [
    ...(clusterResources?.allow ?? []),
    ...(namespaceResources?.allow ?? []),
  ]);
  const permitted = rules.map(({ group }) => group).filter((group) => /^[a-z0-9.-]+$/.test(group));
  const apps = applications.filter(({ destination }) => destination.cluster === cluster).map((app) => app.name);
  const recorded = url === undefined ? [] : await groupsOf(apps, url);
  return readerRights(name, [...apiGroups, ...permitted, ...recorded]);
}

async function groupsOf(apps: readonly string[], url: string): Promise<readonly string[]> {
  const api = openApi({ url });
  const groups = new Set<string>();
  for (const app of apps) {
    const { items } = await api.get<ObjectList>(`/v1${pathOf('applications', app, 'objects')}`);
    for (const { group } of items) groups.add(group);
  }
  return [...groups];
}
