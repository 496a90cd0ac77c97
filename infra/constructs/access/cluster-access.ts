import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from '../../context.ts';
import { groupOf } from '../../rbac.ts';
import { isOwnRegion } from '../../targets.ts';
import type { DeployerFunction } from '../functions/deployer-function.ts';
import { clusterEntry } from './cluster-entry.ts';
import type { Access } from './grant.ts';

type Options = { readonly settings: Settings; readonly functions: readonly DeployerFunction[] };

/** Access of functions to the clusters: directly in the deployer's account, through a role in others. */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { settings, functions }: Options) {
    super(scope, id);
    for (const each of functions) {
      each.allow(access(settings));
      for (const { name } of settings.clusters.filter((one) => isOwnRegion(settings, one) && one.accessEntry))
        clusterEntry(this, `${name}-${each.node.id}`, {
          cluster: name,
          group: groupOf(settings),
          principalArn: each.role.roleArn,
        });
    }
  }
}

function access({ clusters }: Settings): Access {
  const roles = new Set(clusters.flatMap(({ roleArn }) => roleArn ?? []));
  const own = clusters.filter(({ roleArn }) => roleArn === undefined);
  return {
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
