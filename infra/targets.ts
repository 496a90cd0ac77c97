// Where clusters are, as seen from the deployer: in its own account and region, or in others that get a stack of their own.
import { readerRole } from '../lib/config/env-names.ts';
import type { ClusterSettings, Settings } from './context.ts';

/** A stack beside the deployer's: access to the clusters of one account and region. */
export type Target = {
  readonly id: string;
  readonly account: string | undefined;
  readonly region: string;
  readonly clusters: readonly ClusterSettings[];
};

/** Account and region of a cluster; an account of its own is the role's. */
export function targetOf({ roleArn, region }: Pick<ClusterSettings, 'roleArn' | 'region'>): string {
  return `${accountOf(roleArn) ?? 'own'} ${region}`;
}

/** Whether a cluster is where the deployer is. */
export function isOwnRegion(settings: Pick<Settings, 'region'>, cluster: ClusterSettings): boolean {
  return cluster.roleArn === undefined && cluster.region === settings.region;
}

/** The accounts and regions beside the deployer's own. */
export function targetsOf(settings: Settings): readonly Target[] {
  const others = settings.clusters.filter((one) => !isOwnRegion(settings, one));
  const groups = Map.groupBy(others, targetOf);
  return [...groups.values()].flatMap((clusters) => {
    const [first] = clusters;
    if (first === undefined) return [];
    const foreign = accountOf(first.roleArn);
    return [
      {
        id: [settings.name, 'access', ...(foreign === undefined ? [] : [foreign]), first.region].join('-'),
        account: foreign ?? settings.account,
        region: first.region,
        clusters,
      },
    ];
  });
}

/** The functions that talk to clusters. */
export const CLUSTER_FUNCTIONS = ['sync', 'drift', 'inspect'] as const;

/** The names of the roles of those functions: other stacks refer to them without a reference to this one. */
export function roleNameOf({ name, region }: Settings, who: (typeof CLUSTER_FUNCTIONS)[number]): string {
  return `${name}-${region}-${who}`;
}

/** The account of a role. */
export function accountOf(roleArn: string | undefined): string | undefined {
  return roleArn?.split(':')[4];
}

/** The role that a function assumes in another account: what only reads has one of its own. */
export function roleFor(roleArn: string, who: (typeof CLUSTER_FUNCTIONS)[number]): string {
  return who === 'inspect' ? readerRole(roleArn) : roleArn;
}
