import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Access } from '../access/grant.ts';
import type { EncryptionKey } from '../storage/encryption-key.ts';

type Options = { readonly key: EncryptionKey; readonly email: string | undefined };

/** Notifies people of drift, rollbacks and alarms. */
export class Notifications extends Construct {
  readonly topic: Topic;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, { key, email }: Options) {
    super(scope, id);
    this.#key = key;
    this.topic = new Topic(this, 'Topic', { masterKey: key.key, enforceSSL: true, displayName: 'Driftless' });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  publish(): Access {
    return {
      environment: { topic: this.topic.topicArn },
      statements: [
        { actions: ['sns:Publish'], resources: [this.topic.topicArn] },
        ...(this.#key.encryptThrough('sns').statements ?? []),
      ],
    };
  }
}
