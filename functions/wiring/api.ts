import { LambdaClient } from '@aws-sdk/client-lambda';
import { createSignedApi, type GatewayContext } from '../../lib/api/auth-iam.ts';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createLambdaInvoke } from '../../lib/aws/lambda/lambda-invoke.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import type { ScanSummary } from '../../lib/drift/scan-ports.ts';
import type { DriftRecord } from '../../lib/model/drift.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { readSettings } from '../environment.ts';
import { log, openTable } from './lambda.ts';

/** Answers requests. */
type Routes = { fetch(request: Request, told: GatewayContext): Response | Promise<Response> };

/** The HTTP API waits 30 seconds; what is left is for the start of this function, and for reading what was found. */
const LOOK_SECONDS = 23;

/** The composition of the API; the drift function looks at the clusters for it. */
export function wireApi(environment: NodeJS.ProcessEnv): Routes {
  const settings = readSettings('api', environment);
  const { state, config } = openTable(settings);
  const client = new LambdaClient(clientOptions());
  const look = createLambdaInvoke({
    client,
    functionName: settings.driftFunction,
    withinSeconds: LOOK_SECONDS,
    exhausted: 'ApiServerUnreachable',
    unanswered: 'ScanUnfinished',
  });
  return createSignedApi({
    state,
    operations: createLambdaOperations({ client, functionArn: settings.syncFunction }),
    clock: systemClock,
    log,
    scan: async (clusters) => (await look(clusters === undefined ? {} : { clusters })) as ScanSummary,
    configuration: () => config.report(),
    check: async (apps) => (await look({ check: apps })) as readonly DriftRecord[],
  });
}
