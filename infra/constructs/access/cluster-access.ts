import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from '../../context.ts';
import { groupFor } from '../../rbac.ts';
import { CLUSTER_FUNCTIONS, isOwnRegion, roleFor } from '../../targets.ts';
import type { DeployerFunction } from '../functions/deployer-function.ts';
import { clusterEntry } from './cluster-entry.ts';
import type { Access } from './grant.ts';

type Options = { readonly settings: Settings; readonly functions: readonly DeployerFunction[] };

/** Access of functions to the clusters: directly in the deployer's account, through a role in others. */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { settings, functions }: Options) {
    super(scope, id);
    for (const each of functions) {
      const who = CLUSTER_FUNCTIONS.find((one) => one === each.node.id) ?? 'inspect';
      each.allow(access(settings, who));
      for (const { name } of settings.clusters.filter((one) => isOwnRegion(settings, one) && one.accessEntry))
        clusterEntry(this, `${name}-${each.node.id}`, {
          cluster: name,
          group: groupFor(settings, who),
          principalArn: each.role.roleArn,
        });
    }
  }
}

function access({ name, clusters }: Settings, who: (typeof CLUSTER_FUNCTIONS)[number]): Access {
  const roles = new Set(clusters.flatMap(({ roleArn }) => (roleArn === undefined ? [] : roleFor(roleArn, who))));
  const own = clusters.filter(({ roleArn }) => roleArn === undefined);
  return {
    environment: { name },
    statements: [
      ...(roles.size > 0 ? [{ actions: ['sts:AssumeRole'], resources: [...roles] }] : []),
      ...(own.length > 0 ? [{ actions: ['eks:DescribeCluster'], resources: own.map(clusterArn) }] : []),
    ],
  };
}

/** The ARN of a cluster in the deployer's own account. */
function clusterArn({ region, name }: { readonly region: string; readonly name: string }): string {
  return `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:cluster/${name}`;
}
