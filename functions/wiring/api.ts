import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { createSignedApi, type HttpHandler } from '../../lib/api/auth-iam.ts';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createLambdaInvoke } from '../../lib/aws/lambda/lambda-invoke.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import { createS3Blobs } from '../../lib/blobs/s3-blobs.ts';
import type { ScanSummary } from '../../lib/drift/scan-ports.ts';
import type { DriftRecord } from '../../lib/model/drift.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { readSettings } from '../environment.ts';
import { log, openTable } from './lambda.ts';

/** The HTTP API waits 30 seconds; the rest is for the start of this function, and for reading the result. */
const SCAN_SECONDS = 23;

/** The composition of the API; the drift function reads the clusters for it. */
export function wireApi(environment: NodeJS.ProcessEnv): HttpHandler {
  const settings = readSettings('api', environment);
  const { state, config } = openTable(settings);
  const client = new LambdaClient(clientOptions());
  const invokeDrift = createLambdaInvoke({
    client,
    functionName: settings.driftFunction,
    withinSeconds: SCAN_SECONDS,
    exhausted: 'ApiServerUnreachable',
    unanswered: 'ScanUnfinished',
  });
  return createSignedApi({
    state,
    blobs: createS3Blobs({ client: new S3Client(clientOptions()), bucket: settings.bucket }),
    deployer: settings.deployer,
    operations: createLambdaOperations({ client, functionArn: settings.syncFunction }),
    clock: systemClock,
    log,
    scan: async (clusters) => (await invokeDrift(clusters === undefined ? {} : { clusters })) as ScanSummary,
    configuration: () => config.report(),
    check: async (apps) => (await invokeDrift({ check: apps })) as readonly DriftRecord[],
  });
}
