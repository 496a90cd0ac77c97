import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createLambdaOperations } from '../../lib/aws/lambda/lambda-operations.ts';
import { followConfig } from '../../lib/config-repo/follow.ts';
import { asDriftlessError } from '../../lib/errors.ts';
import { createGit } from '../../lib/git/git.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { sweep } from '../../lib/triggers/sweep.ts';
import { readSettings } from '../environment.ts';
import { log, openSecrets, openTable, VERSION } from './lambda.ts';

/** The composition of the sweep function: the configuration first, since the sweep covers its applications. */
export function wireSweep(environment: NodeJS.ProcessEnv): () => Promise<void> {
  const settings = readSettings('sweep', environment);
  const { state, config } = openTable(settings);
  const git = createGit({ secrets: openSecrets(settings, config) });
  const lambda = new LambdaClient(clientOptions());
  const operations = createLambdaOperations({ client: lambda, functionArn: settings.syncFunction });
  const ports = { git, state, config, operations, clock: systemClock, log, version: VERSION };
  const source = { repo: settings.configRepo, ref: settings.configRef, path: settings.configPath };
  return async () => {
    await followOrLog(() => followConfig(source, ports));
    await sweep(ports);
  };
}

/** A configuration that cannot be read does not prevent the sweep of the applications. */
async function followOrLog(follow: () => ReturnType<typeof followConfig>): Promise<void> {
  try {
    const { status } = await follow();
    if (status !== 'unchanged') log.info('read the configuration', { outcome: status });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.error('could not read the configuration', { code, reason: message });
  }
}
