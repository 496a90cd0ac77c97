import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { DriftlessError } from '../../errors.ts';
import { awsFailure } from '../aws-failure.ts';
import type { AwsCredentials } from './eks-token.ts';

type RoleOptions = {
  readonly client: STSClient;
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  /** Appears in the other account's CloudTrail, and in the user name there. */
  readonly sessionName: string;
};

/** Credentials of a role in another account. The client caches them until shortly before they expire. */
export function createAssumedRole(options: RoleOptions): () => Promise<AwsCredentials> {
  const { client, roleArn, externalId, sessionName } = options;
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64),
    ...(externalId !== undefined && { ExternalId: externalId }),
  });
  return async () => {
    const { Credentials } = await client.send(command).catch((thrown: unknown) => {
      throw awsFailure(`role ${roleArn}: cannot be assumed`, thrown);
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
      throw new DriftlessError('AwsUnavailable', `role ${roleArn}: STS returned no credentials`);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration !== undefined && { expiration: Expiration }),
    };
  };
}
