import { Aws, Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DeployerFunction } from '../functions/deployer-function.ts';

type Options = { readonly prefix: string; readonly alarm: DeployerFunction; readonly deadLetters: Queue };

/** Notifies the alarm function of every alarm of the account, except the deployer's own; applications name the alarms that they use. */
export function alarmEvents(scope: Construct, id: string, { prefix, alarm, deadLetters }: Options): Rule {
  // An alarm may also call the function itself, without EventBridge.
  alarm.lambda.addPermission('AlarmAction', {
    principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
    sourceAccount: Aws.ACCOUNT_ID,
  });
  return new Rule(scope, id, {
    description: 'CloudWatch alarms, for rollbacks and drift checks',
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { state: { value: ['ALARM'] }, alarmName: Match.anythingButPrefix(`${prefix}-`) },
    },
    targets: [
      new LambdaFunction(alarm.lambda, {
        deadLetterQueue: deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(1),
      }),
    ],
  });
}
