import { CfnSecurityGroupIngress, type IVpc, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Settings } from '../../context.ts';
import type { Access } from '../access/grant.ts';

type Options = { readonly worker: NonNullable<Settings['worker']>; readonly clusters: Settings['clusters'] };

/** The worker's place in the VPC of private clusters: it reaches their API servers there, and nothing else. */
export class WorkerNetwork extends Construct {
  readonly #vpc: IVpc;
  /** The worker reaches what accepts this group on port 443. */
  readonly group: SecurityGroup;

  constructor(scope: Construct, id: string, { worker, clusters }: Options) {
    super(scope, id);
    this.#vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: worker.vpc,
      availabilityZones: worker.availabilityZones,
      privateSubnetIds: worker.subnets,
    });
    const group = new SecurityGroup(this, 'Group', {
      vpc: this.#vpc,
      description: 'The worker of Driftless: HTTPS to private API servers',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'API servers');
    this.group = group;
    for (const { name, securityGroup } of clusters)
      if (securityGroup !== undefined)
        new CfnSecurityGroupIngress(this, `To-${name}`, {
          groupId: securityGroup,
          sourceSecurityGroupId: group.securityGroupId,
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          description: 'Driftless to the API server',
        });
  }

  /** The options that place a function there. */
  place() {
    return { vpc: this.#vpc, securityGroups: [this.group] };
  }

  /** What Lambda does with the function's role to put it there; EC2 knows no narrower resource. */
  access(): Access {
    const actions = ['Create', 'Delete', 'Describe'].map(
      (verb) => `ec2:${verb}NetworkInterface${verb === 'Describe' ? 's' : ''}`,
    );
    return {
      statements: [
        { actions: [...actions, 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'], resources: ['*'] },
      ],
    };
  }
}
