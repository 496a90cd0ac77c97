// Access to the clusters of another account or region. It contains a role and access entries, and no compute.
import { Aws, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { clusterEntry } from './constructs/access/cluster-entry.ts';
import type { ClusterSettings, Settings } from './context.ts';
import { groupFor } from './rbac.ts';
import { CLUSTER_FUNCTIONS, roleFor, roleNameOf, type Target } from './targets.ts';

/** The stack of one account and region. */
export class TargetStack extends Stack {
  constructor(scope: Construct, settings: Settings, { id, account, region, clusters }: Target) {
    super(scope, id, {
      env: { region, ...(account !== undefined && { account }) },
      description: 'Driftless: access to clusters',
    });
    this.#addRoles(clusters, settings);
    for (const { name, roleArn } of clusters.filter((one) => one.accessEntry))
      if (roleArn === undefined) this.#addFunctionEntries(name, settings);
      else this.#addRoleEntries(name, roleArn, settings);
  }

  #addRoles(clusters: Target['clusters'], settings: Settings): void {
    for (const [roleArn, reached] of Map.groupBy(clusters, (cluster) => cluster.roleArn))
      if (roleArn !== undefined)
        for (const users of ROLE_USERS)
          makeRole(this, roleFor(roleArn, users[0]), { reached, functionRoles: roleArnsOf(settings, users) });
  }

  /** The functions' own roles are valid everywhere in their account. */
  #addFunctionEntries(cluster: string, settings: Settings): void {
    for (const who of CLUSTER_FUNCTIONS)
      for (const principalArn of roleArnsOf(settings, [who]))
        clusterEntry(this, `${cluster}-${who}`, { cluster, group: groupFor(settings, who), principalArn });
  }

  #addRoleEntries(cluster: string, roleArn: string, settings: Settings): void {
    for (const [who] of ROLE_USERS) {
      const principalArn = roleFor(roleArn, who);
      const id = who === 'inspect' ? `${cluster}-readers` : cluster;
      const entry = clusterEntry(this, id, { cluster, group: groupFor(settings, who), principalArn });
      entry.node.addDependency(this.node.findChild(nameOf(principalArn)));
    }
  }
}

/** The functions that share a role in another account. */
const ROLE_USERS = [['sync', 'drift'], ['inspect']] as const;

type Reached = { readonly reached: readonly ClusterSettings[]; readonly functionRoles: readonly string[] };

/** A role that only the functions may assume, with the external ID; it may describe clusters, and Kubernetes decides the rest. */
function makeRole(stack: Stack, roleArn: string, { reached, functionRoles }: Reached): void {
  const externalId = reached[0]?.externalId;
  const conditions = { StringEquals: { 'sts:ExternalId': externalId } };
  const role = new Role(stack, nameOf(roleArn), {
    roleName: nameOf(roleArn),
    description: 'Access of Driftless to the clusters of this account',
    assumedBy: new CompositePrincipal(...functionRoles.map((arn) => new ArnPrincipal(arn).withConditions(conditions))),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['eks:DescribeCluster'],
      resources: reached.map(
        ({ name, region }) => `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:cluster/${name}`,
      ),
    }),
  );
}

function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}

/** The roles of the functions that talk to clusters, in the deployer's account. */
function roleArnsOf(settings: Settings, users: readonly (typeof CLUSTER_FUNCTIONS)[number][]): readonly string[] {
  const account = settings.account ?? Aws.ACCOUNT_ID;
  return users.map((who) => `arn:${Aws.PARTITION}:iam::${account}:role/${roleNameOf(settings, who)}`);
}
