import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { Construct } from 'constructs';

type Options = { readonly cluster: string; readonly group: string; readonly principalArn: string };

/** Lets an IAM role into a cluster as a member of a Kubernetes group. The permissions of the group are in the cluster, see rbac.ts. */
export function clusterEntry(scope: Construct, id: string, { cluster, group, principalArn }: Options): CfnAccessEntry {
  return new CfnAccessEntry(scope, id, {
    clusterName: cluster,
    principalArn,
    kubernetesGroups: [group],
    // The session is the function's name, or what the deployer calls the cluster: the audit log distinguishes them by it.
    username: `${group}:{{SessionName}}`,
    type: 'STANDARD',
  });
}
