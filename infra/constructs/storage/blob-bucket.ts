import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Access } from '../access/grant.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** The same as for the history of operations. Renderings do not expire: rollbacks and scans use them at any age. */
const KEPT_DAYS = 90;

type Options = { readonly key: EncryptionKey; readonly retain: boolean };

/** Renderings, plans and reports. */
export class BlobBucket extends Construct {
  readonly bucket: Bucket;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, { key, retain }: Options) {
    super(scope, id);
    this.#key = key;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key.key,
      bucketKeyEnabled: true,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { id: 'messages', prefix: 'render/', expiration: Duration.days(1) },
        ...['plans/', 'changes/'].map((prefix) => ({
          id: prefix.slice(0, -1),
          prefix,
          expiration: Duration.days(KEPT_DAYS),
        })),
        {
          id: 'old',
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only the roles of the deployer have access; data events in CloudTrail can record each access.',
    });
  }

  /** To read and write every blob. Listing is needed to recognize missing blobs: without it S3 returns 403 instead of 404. */
  use(): Access {
    return this.#access([
      { actions: ['s3:GetObject', 's3:PutObject'], resources: [this.bucket.arnForObjects('*')] },
      { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
    ]);
  }

  /** To read every blob. */
  read(): Access {
    return this.#access([
      { actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('*')] },
      { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
    ]);
  }

  /** To read every blob, and to send messages to the render function. */
  readAndAsk(): Access {
    return this.#access([
      { actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('*')] },
      { actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('render/requests/*')] },
      { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
    ]);
  }

  /** To exchange messages that are too long for a call, and nothing else. */
  exchange(): Access {
    return this.#access([
      { actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('render/requests/*')] },
      { actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('render/answers/*')] },
    ]);
  }

  #access(statements: readonly { actions: string[]; resources: string[] }[]): Access {
    const { statements: encryption = [] } = this.#key.encryptThrough('s3');
    return { environment: { bucket: this.bucket.bucketName }, statements: [...statements, ...encryption] };
  }
}
