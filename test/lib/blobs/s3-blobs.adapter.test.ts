import { S3Client } from '@aws-sdk/client-s3';
import { createS3Blobs } from '../../../lib/blobs/s3-blobs.ts';
import { blobsContract } from '../../contracts/blobs.ts';
import { type S3Server, startS3Server } from '../../fakes/s3-server.ts';

const PLAN = new TextEncoder().encode('plan');

let server: S3Server;
let client: S3Client;
beforeEach(async () => {
  server = await startS3Server();
  client = clientFor(server.endpoint);
});
afterEach(async () => {
  client.destroy();
  await server.stop();
});

function clientFor(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials, maxAttempts: 2 });
}

describe('blobs in S3', () => {
  blobsContract(async () => createS3Blobs({ client, bucket: 'acme-driftless' }));
});

test.each([
  ['the key', undefined, '/acme-driftless/plans/shop-1'],
  ['the prefix and the key', 'prod/', '/acme-driftless/prod/plans/shop-1'],
])('a blob in S3 is an object whose key is %s', async (_name, prefix, path) => {
  const blobs = createS3Blobs({ client, bucket: 'acme-driftless', ...(prefix === undefined ? {} : { prefix }) });
  await blobs.put('plans/shop-1', PLAN);
  expect([...server.objects]).toEqual([[path, Buffer.from(PLAN)]]);
  expect(await blobs.get('plans/shop-1')).toEqual(PLAN);
});

test('an S3 that is slow for a moment works a moment later', async () => {
  const blobs = createS3Blobs({ client, bucket: 'acme-driftless' });
  server.failures.push({ status: 503, code: 'SlowDown' });
  await blobs.put('plans/shop-1', PLAN);
  server.failures.push({ status: 503, code: 'SlowDown' });
  expect(await blobs.get('plans/shop-1')).toEqual(PLAN);
  const [put, get] = ['PUT /acme-driftless/plans/shop-1', 'GET /acme-driftless/plans/shop-1'];
  expect(server.requests).toEqual([put, put, get, get]);
});

test.each([
  ['is slow all the time', { status: 503, code: 'SlowDown' }, 'StateUnavailable'],
  ['has no such bucket', { status: 404, code: 'NoSuchBucket' }, 'StateUnavailable'],
  ['denies access', { status: 403, code: 'AccessDenied' }, 'AwsAccessDenied'],
  ['finds that the credentials have expired', { status: 400, code: 'ExpiredToken' }, 'AwsAccessDenied'],
])('an S3 that %s ends in one error, with what to look at', async (_fault, failure, code) => {
  const blobs = createS3Blobs({ client, bucket: 'acme-driftless' });
  for (const work of [() => blobs.put('plans/shop-1', PLAN), () => blobs.get('plans/shop-1')]) {
    server.failures.splice(0, 9, failure, failure);
    await expect(work()).rejects.toMatchObject({
      code,
      message: `s3://acme-driftless/plans/shop-1: ${failure.code}: in other words; check the bucket and the role`,
    });
  }
});

test('an S3 that nobody listens for makes the state unavailable', async () => {
  await server.stop();
  const blobs = createS3Blobs({ client, bucket: 'acme-driftless' });
  await expect(blobs.get('plans/shop-1')).rejects.toMatchObject({
    code: 'StateUnavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
