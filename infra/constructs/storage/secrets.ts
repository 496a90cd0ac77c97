import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Settings } from '../../context.ts';
import type { Access } from '../access/grant.ts';
import type { EncryptionKey } from './encryption-key.ts';

type Options = {
  readonly names: Settings['secrets'];
  readonly configSecret: string | undefined;
  readonly key: EncryptionKey;
};

/** The secrets that sign deliveries, and the prefix of credentials for Git. People write their values, the stack never does. */
export class Secrets extends Construct {
  readonly webhook: Secret;
  /** Prefix of the names of Git credentials. */
  readonly gitPrefix: string;
  readonly #options: Options;

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    this.#options = options;
    this.gitPrefix = options.names.gitPrefix;
    this.webhook = new Secret(this, 'Webhook', {
      secretName: options.names.webhook,
      description: 'Webhook secrets of each forge, newest first: {"github": ["…"], "gitlab": ["…"]}',
      encryptionKey: options.key.key,
      // A random first secret; deliveries of other forges are refused until a secret is written for them.
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'github',
        passwordLength: 40,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.webhook).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The owner has to set a new secret at the forge. Several secrets are valid at once, so the old one can be removed after that.',
    });
  }

  /** To verify deliveries. */
  verify(): Access {
    return {
      environment: { webhookSecret: this.webhook.secretArn },
      statements: [
        { actions: ['secretsmanager:GetSecretValue'], resources: [this.webhook.secretArn] },
        ...(this.#options.key.decryptThrough('secretsmanager').statements ?? []),
      ],
    };
  }

  /** To read credentials for Git: of any secret below the prefix, since repositories are added without a deployment. */
  git(): Access {
    const { names, configSecret, key } = this.#options;
    const below = `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${names.gitPrefix}*`;
    return {
      environment: { gitSecretPrefix: names.gitPrefix, ...(configSecret !== undefined && { configSecret }) },
      statements: [
        { actions: ['secretsmanager:GetSecretValue'], resources: [below] },
        ...(key.decryptThrough('secretsmanager').statements ?? []),
      ],
    };
  }
}
