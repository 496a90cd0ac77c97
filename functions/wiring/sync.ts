import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import layer from '@aws-cdk/lambda-layer-kubectl-v36/package.json' with { type: 'json' };
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createCloudWatchAlarms } from '../../lib/aws/cloudwatch-alarms.ts';
import { createEmfMetrics } from '../../lib/aws/emf-metrics.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import { createLambdaRenderer } from '../../lib/aws/lambda/lambda-renderer.ts';
import { createS3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { scanNamed } from '../../lib/drift/scan-now.ts';
import { durableHandler } from '../../lib/flow/durable-flow.ts';
import { lambdaService } from '../../lib/flow/lambda-service.ts';
import { createGit } from '../../lib/git/git.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import type { SyncRequest } from '../../lib/sync/operation/run.ts';
import { syncApp } from '../../lib/sync/sync.ts';
import { readSettings } from '../environment.ts';
import { openClusters } from './clusters.ts';
import { log, openSecrets, openTable } from './lambda.ts';
import { projectsOf } from './projects.ts';

/** The composition of the sync function. */
export function wireSync(environment: NodeJS.ProcessEnv): DurableLambdaHandler {
  const settings = readSettings('sync', environment);
  const { state, config } = openTable(settings);
  const lambda = new LambdaClient(clientOptions());
  const blobs = createS3Blobs({ client: new S3Client(clientOptions()), bucket: settings.bucket });
  const ports = {
    git: createGit({ secrets: openSecrets(settings, config) }),
    renderer: createLambdaRenderer({ client: lambda, functionName: settings.renderFunction, blobs }),
    clusters: openClusters(settings, { config, lambda }),
    projects: projectsOf(config),
    state,
    blobs,
    operations: createLambdaOperations({ client: lambda, functionArn: settings.syncFunction }),
    alarms: createCloudWatchAlarms({ client: new CloudWatchClient(clientOptions()) }),
    metrics: createEmfMetrics(),
    clock: systemClock,
    log,
    deployer: settings.deployer,
    toolVersions: `lambda-layer-kubectl-v36-${layer.version}`,
  };
  const client = lambdaService(lambda);
  // The sweep delivers what is found.
  const outbox = { deliver: async () => undefined, deliverAll: async () => undefined };
  const look = (app: string): Promise<unknown> => scanNamed([app], { ...ports, outbox });
  return durableHandler((request: SyncRequest, flow) => syncApp(request, flow, { ...ports, look }), { client, log });
}
