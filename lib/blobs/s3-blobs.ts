import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DriftlessError } from '../errors.ts';
import { awsFault } from '../model/aws-fault.ts';
import type { Blobs } from '../ports/store.ts';
import { assertBlobKey } from './blob-key.ts';

/** Where blobs are stored; the prefix separates deployments that share a bucket. */
type S3BlobsOptions = { readonly client: S3Client; readonly bucket: string; readonly prefix?: string };

/**
 * Blobs as objects of an S3 bucket. The role needs s3:ListBucket beside s3:GetObject: without it S3 answers 403 for a key that does not
 * exist, which is an error here and not `undefined`.
 */
export function createS3Blobs({ client, bucket, prefix = '' }: S3BlobsOptions): Blobs {
  const locationOf = (key: string) => {
    assertBlobKey(key);
    return { Bucket: bucket, Key: prefix + key };
  };
  const unavailable = (key: string, cause: unknown) => {
    const { kind, words } = awsFault(cause);
    const code = kind === 'denied' ? 'AwsAccessDenied' : 'StateUnavailable';
    return new DriftlessError(code, `s3://${bucket}/${prefix}${key}: ${words}; check the bucket and the role`, {
      cause,
    });
  };
  return {
    put: async (key, bytes) => {
      const location = locationOf(key);
      try {
        await client.send(new PutObjectCommand({ ...location, Body: bytes }));
      } catch (error) {
        throw unavailable(key, error);
      }
    },
    get: async (key) => {
      const location = locationOf(key);
      try {
        const { Body } = await client.send(new GetObjectCommand(location));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw unavailable(key, error);
      }
    },
  };
}
