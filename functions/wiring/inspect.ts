import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { createSignedLive, type HttpHandler } from '../../lib/api/auth-iam.ts';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createLambdaDiff } from '../../lib/aws/lambda/lambda-diff.ts';
import { createLambdaInvoke } from '../../lib/aws/lambda/lambda-invoke.ts';
import { createLambdaRenderer } from '../../lib/aws/lambda/lambda-renderer.ts';
import { createS3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { createGit } from '../../lib/git/git.ts';
import { diffHead } from '../../lib/inspect/diff/diff-head.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { readSettings } from '../environment.ts';
import { openReaderClusters } from './clusters.ts';
import { log, openSecrets, openTable } from './lambda.ts';
import { projectsOf } from './projects.ts';

/** The HTTP API waits 30 seconds; the rest is for the start of this function, and for reading the result. */
const DIFF_SECONDS = 23;

/** The composition of the inspect function; the drift function dry-runs for it, since it may write nothing itself. */
export function wireInspect(environment: NodeJS.ProcessEnv): HttpHandler {
  const settings = readSettings('inspect', environment);
  const { state, config } = openTable(settings);
  const lambda = new LambdaClient(clientOptions());
  const blobs = createS3Blobs({ client: new S3Client(clientOptions()), bucket: settings.bucket });
  const clusters = openReaderClusters(settings, { config, lambda });
  const ports = { state, blobs, clusters, projects: projectsOf(config), clock: systemClock, log };
  const git = createGit({ secrets: openSecrets(settings, config) });
  const renderer = createLambdaRenderer({ client: lambda, functionName: settings.renderFunction, blobs });
  const invokeDrift = createLambdaInvoke({
    client: lambda,
    functionName: settings.driftFunction,
    withinSeconds: DIFF_SECONDS,
    exhausted: 'ApiServerUnreachable',
    unanswered: 'ApiServerUnreachable',
  });
  return createSignedLive({
    ...ports,
    deployer: settings.deployer,
    diffLive: createLambdaDiff(invokeDrift),
    diffHead: (request) => diffHead(request, { ...ports, git, renderer }),
  });
}
