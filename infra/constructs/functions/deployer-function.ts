import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV, type FunctionName } from '../../../lib/config/env-names.ts';
import type { Access } from '../access/grant.ts';
import { logRetention } from './log-retention.ts';

type Options = {
  readonly name: FunctionName;
  /** Prefix of the names of functions. */
  readonly prefix: string;
  /** Holds a folder for each function. */
  readonly bundles: string;
  readonly logRetentionDays: number;
  /** The name of the role, where other stacks need to know it. */
  readonly roleName?: string;
  readonly more: FunctionOptions;
};

/** A function of the deployer, with a role and a log of its own. It has no permissions until `allow`. */
export class DeployerFunction extends Construct {
  /** Its name in its account and region. */
  readonly name: string;
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, options: Options) {
    super(scope, options.name);
    const { name, prefix, roleName } = options;
    this.name = `${prefix}-${name}`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${this.name}`,
      retention: logRetention(options.logRetentionDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Permissions of the function ${this.name}`,
      ...(roleName !== undefined && { roleName }),
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: this.name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(options.bundles, name)),
      tracing: Tracing.ACTIVE,
      role: this.role,
      logGroup,
      ...options.more,
    });
    this.allow({
      statements: [{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }],
    });
  }

  /** Grants permissions, and sets the environment that belongs to them. */
  allow(...accesses: readonly Access[]): this {
    for (const { environment = {}, statements = [] } of accesses) {
      for (const [setting, value] of Object.entries(environment) as [keyof typeof ENV, string][])
        this.lambda.addEnvironment(ENV[setting], value);
      for (const statement of statements) this.role.addToPolicy(new PolicyStatement(statement));
    }
    return this;
  }
}

/** The ARN of a function of this stack, or of one of its aliases, by name, so that functions can refer to each other in a cycle. */
export function functionArn(scope: Construct, name: string, alias?: string): string {
  const { partition, region, account } = Stack.of(scope);
  const own = `arn:${partition}:lambda:${region}:${account}:function:${name}`;
  return alias === undefined ? own : `${own}:${alias}`;
}
