import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createLambdaInvoke } from '../../lib/aws/lambda/lambda-invoke.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import { asDriftlessError } from '../../lib/errors.ts';
import type { DriftRecord } from '../../lib/model/drift.ts';
import { createSnsNotifier } from '../../lib/notify/sns-notifier.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { handleAlarm } from '../../lib/triggers/alarm.ts';
import { readSettings } from '../environment.ts';
import { log, openTable } from './lambda.ts';

/** The timeout of the drift function, and some seconds to start it. */
const CHECK_SECONDS = 310;

/** The composition of the alarm function; the drift function reads the clusters for it. */
export function wireAlarm(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<void> {
  const settings = readSettings('alarm', environment);
  const { state } = openTable(settings);
  const lambda = new LambdaClient(clientOptions());
  const invokeDrift = createLambdaInvoke({
    client: lambda,
    functionName: settings.driftFunction,
    withinSeconds: CHECK_SECONDS,
    exhausted: 'ApiServerUnreachable',
  });
  const ports = {
    state,
    operations: createLambdaOperations({ client: lambda, functionArn: settings.syncFunction }),
    notifier: createSnsNotifier({ client: new SNSClient(clientOptions()), topicArn: settings.topic }),
    clock: systemClock,
    log,
    check: async (apps: readonly string[]) => (await invokeDrift({ check: apps })) as readonly DriftRecord[],
  };
  return async (event) => {
    try {
      await handleAlarm(event, ports);
    } catch (thrown) {
      // It is logged; a retry cannot help.
      if (asDriftlessError(thrown).code !== 'PayloadInvalid') throw thrown;
    }
  };
}
