import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createRoutes } from '../../lib/api/webhook-routes.ts';
import { awsFailure } from '../../lib/aws/aws-failure.ts';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createEmfMetrics } from '../../lib/aws/emf-metrics.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import type { ConfigFollower } from '../../lib/config-repo/on-push.ts';
import { createGit } from '../../lib/git/git.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { readSettings } from '../environment.ts';
import { log, openSecrets, openTable } from './lambda.ts';
import { projectsOf } from './projects.ts';

/** Answers requests. */
type HttpHandler = { fetch(request: Request): Promise<Response> };

/** The response to a delivery whose signature does not match. */
const UNAUTHORIZED = 401;

/** The composition of the webhook function. */
export function wireWebhook(environment: NodeJS.ProcessEnv): HttpHandler {
  const settings = readSettings('webhook', environment);
  const { sweepFunction, configRepo: repo, configRef: ref } = settings;
  const { state, config } = openTable(settings);
  const client = new LambdaClient(clientOptions());
  const secrets = openSecrets(settings, config);
  const ports = {
    secrets,
    state,
    git: createGit({ secrets }),
    projects: projectsOf(config),
    operations: createLambdaOperations({ client, functionArn: settings.syncFunction }),
    clock: systemClock,
    log,
    ...(sweepFunction !== undefined && {
      config: { source: { repo, ref }, follow: () => requestSweep(client, sweepFunction) },
    }),
  };
  const routes = createRoutes(ports);
  const metrics = createEmfMetrics();
  return {
    fetch: async (request) => {
      const response = await routes.fetch(request);
      if (response.status === UNAUTHORIZED) metrics.put({ webhookSignatureFailures: 1 });
      return response;
    },
  };
}

/** Reading a configuration takes longer than a forge waits, and needs a parser that this function does not bundle. */
async function requestSweep(client: LambdaClient, sweepFunction: string): ReturnType<ConfigFollower['follow']> {
  const command = new InvokeCommand({ FunctionName: sweepFunction, InvocationType: 'Event', Payload: '{}' });
  await client.send(command).catch((thrown: unknown) => {
    throw awsFailure(`function ${sweepFunction}`, thrown);
  });
  return { status: 'asked' };
}
