import { Aws } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeployerFunction } from '../functions/deployer-function.ts';

type Options = { readonly prefix: string; readonly clusters: readonly string[]; readonly drift: DeployerFunction };

/** Users that belong to the cluster itself. */
const OWN_USERS = ['system:node:*', 'system:kube-*', 'system:serviceaccount:kube-system:*', 'eks:*'];

/** Writes to objects by others than the cluster itself and the deployer, whose fields of the event are those of Kubernetes' audit log. */
function pattern(prefix: string): string {
  const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection'].map((verb) => `$.verb = "${verb}"`);
  const others = [...OWN_USERS, `${prefix}:*`].map((user) => `$.user.username != "${user}"`);
  const terms = [
    '$.stage = "ResponseComplete"',
    '$.responseStatus.code < 300',
    `(${verbs.join(' || ')})`,
    '($.objectRef.subresource NOT EXISTS || $.objectRef.subresource = "scale")',
    '$.objectRef.resource != "leases"',
    '$.objectRef.resource != "events"',
    ...others,
  ];
  return `{ ${terms.join(' && ')} }`;
}

/** Notifies the drift function of changes in the audit logs of clusters within seconds. The schedule remains the safety net. */
export class AuditLog extends Construct {
  constructor(scope: Construct, id: string, { prefix, clusters, drift }: Options) {
    super(scope, id);
    for (const cluster of clusters) {
      const logGroupName = `/aws/eks/${cluster}/cluster`;
      const permission = `AuditLog-${cluster}`;
      drift.lambda.addPermission(permission, {
        principal: new ServicePrincipal('logs.amazonaws.com'),
        sourceArn: `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}:*`,
        sourceAccount: Aws.ACCOUNT_ID,
      });
      const filter = new CfnSubscriptionFilter(this, cluster, {
        filterName: prefix,
        logGroupName,
        filterPattern: pattern(prefix),
        destinationArn: drift.lambda.functionArn,
      });
      filter.node.addDependency(drift.lambda.node.findChild(permission));
    }
  }
}
