// In: a cluster and what may be deployed there. Out: the Kubernetes objects that give the deployer's group that right, as YAML for kubectl apply. They
// are not managed by the stack, so nothing in a cluster changes when the stack is removed.
import { formatObjects } from '../lib/projects/rbac-object.ts';
import { readerRights, readersGroup } from '../lib/projects/readers.ts';
import { deployerRights, type Tenancy } from '../lib/projects/tenancy.ts';
import type { Settings } from './context.ts';
import { accountOf, type CLUSTER_FUNCTIONS } from './targets.ts';

/** What the Kubernetes group of the deployer is called, and its users before the colon. */
function groupOf({ name }: { readonly name: string }): string {
  return name;
}

/** The Kubernetes group of a function: what deploys may write, what shows live objects may read. */
export function groupFor(settings: { readonly name: string }, who: (typeof CLUSTER_FUNCTIONS)[number]): string {
  return who === 'inspect' ? readersGroup(settings.name) : groupOf(settings);
}

/** Two files for each cluster, by name: the rights to deploy, and those to show what is live. */
export function rbacFiles(settings: Settings): ReadonlyMap<string, string> {
  const group = groupOf(settings);
  return new Map(
    settings.clusters.flatMap(({ name, region, roleArn, tenancy }): (readonly [string, string])[] => {
      const file = [name, ...[accountOf(roleArn) ?? []].flat(), region].join('.');
      return [
        [`${file}.yaml`, formatObjects(deployerRights(group, tenancy))],
        [`${file}.readers.yaml`, formatObjects(readersOf(group, tenancy))],
      ];
    }),
  );
}

/** The reader sees no more than the deployer may change; custom resources in the groups that are named. */
function readersOf(group: string, tenancy: Tenancy): ReturnType<typeof readerRights> {
  if (typeof tenancy === 'string') return readerRights(group, []);
  return 'namespaces' in tenancy
    ? readerRights(group, [], tenancy.namespaces)
    : readerRights(group, tenancy.cluster.apiGroups);
}
