import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { OUTPUTS } from '../../../lib/config/env-names.ts';
import type { Settings } from '../../context.ts';

type Options = Pick<Settings, 'name' | 'region'> & { readonly api: HttpApi };

/** The permissions that people need for the API; an administrator assigns them. */
export class PeoplePolicies extends Construct {
  /** To read. */
  readonly read: ManagedPolicy;
  /** To read, and to request operations. */
  readonly operate: ManagedPolicy;
  /** To see what is live: objects, logs and events. It is no part of the others. */
  readonly live: ManagedPolicy;

  constructor(scope: Construct, id: string, { name, region, api }: Options) {
    super(scope, id);
    const policy = (kind: string, description: string, methods: readonly string[], path = '/api/*'): ManagedPolicy =>
      new ManagedPolicy(this, kind, {
        // Named, so that permission sets of single sign-on can refer to it.
        managedPolicyName: `${name}-${region}-${kind.toLowerCase()}`,
        description,
        statements: [
          new PolicyStatement({
            actions: ['execute-api:Invoke'],
            resources: methods.map((method) => api.arnForExecuteApi(method, path)),
          }),
        ],
      });
    this.read = policy('Read', 'To ask Driftless: status, history, drift', ['GET']);
    this.operate = policy('Operate', 'To ask Driftless, and to have it sync, roll back, suspend, resume and scan', [
      'GET',
      'POST',
    ]);
    this.live = policy(
      'Live',
      'To see what is live in clusters: objects, differences, logs, events',
      ['GET'],
      '/live/*',
    );
  }

  /** Their ARNs, as outputs of the stack. */
  outputs(): Readonly<Record<string, string>> {
    return {
      [OUTPUTS.readPolicy]: this.read.managedPolicyArn,
      [OUTPUTS.operatePolicy]: this.operate.managedPolicyArn,
      [OUTPUTS.livePolicy]: this.live.managedPolicyArn,
    };
  }
}
