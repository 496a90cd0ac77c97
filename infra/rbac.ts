// In: a cluster and what may be deployed there. Out: the Kubernetes objects that give the deployer's group that right, as YAML for kubectl apply. They
// are not managed by the stack, so nothing in a cluster changes when the stack is removed.
import { formatObjects } from '../lib/projects/rbac-object.ts';
import { deployerRights } from '../lib/projects/tenancy.ts';
import type { Settings } from './context.ts';
import { accountOf } from './targets.ts';

/** What the Kubernetes group of the deployer is called, and its users before the colon. */
export function groupOf({ name }: { readonly name: string }): string {
  return name;
}

/** A file for each cluster, by name. */
export function rbacFiles(settings: Settings): ReadonlyMap<string, string> {
  const group = groupOf(settings);
  return new Map(
    settings.clusters.map(({ name, region, roleArn, tenancy }) => [
      [name, ...[accountOf(roleArn) ?? []].flat(), region, 'yaml'].join('.'),
      formatObjects(deployerRights(group, tenancy)),
    ]),
  );
}
