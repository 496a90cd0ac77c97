import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Access } from '../access/grant.ts';

/** One key for blobs, secrets and notifications, rotated each year. What is encrypted with it is lost without it, so it is kept as long as they are. */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { retain }: { readonly retain: boolean }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts blobs, secrets and notifications of Driftless',
      enableKeyRotation: true,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // CloudWatch publishes alarms to the encrypted topic itself.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
  }

  /** To read what a service has encrypted, on the way through that service only. */
  decryptThrough(service: 's3' | 'secretsmanager'): Access {
    return { statements: [this.#through(service, ['kms:Decrypt'])] };
  }

  /** To write through a service too. */
  encryptThrough(service: 's3' | 'sns'): Access {
    return { statements: [this.#through(service, ['kms:Decrypt', 'kms:GenerateDataKey'])] };
  }

  #through(service: string, actions: readonly string[]) {
    return {
      actions: [...actions],
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    };
  }
}
