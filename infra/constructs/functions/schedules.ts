import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeployerFunction } from './deployer-function.ts';

type Scheduled = { readonly minutes: number; readonly target: DeployerFunction };

type Options = { readonly prefix: string; readonly deadLetters: Queue; readonly every: readonly Scheduled[] };

/** The scheduled functions. A run that could not be started for some minutes becomes a dead letter; the next one does its work. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { prefix, deadLetters, every }: Options) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Starts the scheduled functions',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: every.map(({ target }) => target.lambda.functionArn),
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    for (const { minutes, target } of every)
      new CfnSchedule(this, target.node.id, {
        name: `${prefix}-${target.node.id}`,
        description: `Runs ${prefix}-${target.node.id}`,
        scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: target.lambda.functionArn,
          roleArn: role.roleArn,
          input: '{}',
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: Math.max(60 * minutes, 300), maximumRetryAttempts: 3 },
        },
      });
  }
}
