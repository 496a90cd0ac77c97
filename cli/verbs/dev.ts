import { mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { isLeftOut } from '../../lib/config/config-files.ts';
import { asDriftlessError, DriftlessError } from '../../lib/errors.ts';
import type { Log } from '../../lib/ports/runtime.ts';
import { createLog, formatLogLine } from '../../lib/runtime/log.ts';
import { DEFAULT_URL } from '../client/api-client.ts';
import { formatProblems, readConfig, validConfig } from '../dev/config-folder.ts';
import { followConfig } from '../dev/follow-config.ts';
import { onceInterrupted } from '../dev/interrupted.ts';
import { NO_SECRETS, readSecretsFile } from '../dev/secrets-file.ts';
import { type Deployer, startDeployer } from '../dev/wiring.ts';
import { userPath } from '../paths.ts';
import { EXIT } from '../text/output.ts';

export type DevOptions = {
  readonly config: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly port: number;
  readonly state: string;
  readonly deployer?: string;
  readonly secrets?: string;
  /** Milliseconds; 0 is never. */
  readonly scanInterval: number;
  readonly log: 'text' | 'json';
};

/** `dev`: the whole deployer in one process, until it is interrupted. */
export async function dev(options: DevOptions): Promise<number> {
  const config = validConfig(await readConfig(options.config));
  const secrets = options.secrets === undefined ? NO_SECRETS : await readSecretsFile(options.secrets);
  const stateDir = userPath(options.state);
  refuseStateInConfig(options);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const { kubeconfig, context, port } = options;
  const log = logTo(options.log);
  const interrupted = onceInterrupted();
  const dynamoDbEndpoint = process.env['DYNAMODB_ENDPOINT'];
  const deployer = await startDeployer({
    ...((kubeconfig ?? context) !== undefined && {
      kubeconfig: { ...(kubeconfig && { path: userPath(kubeconfig) }), ...(context && { context }) },
    }),
    ...(dynamoDbEndpoint && { dynamoDbEndpoint }),
    stateDir,
    ...(options.deployer !== undefined && { deployer: options.deployer }),
    port,
    secrets,
    scanMs: options.scanInterval,
    log,
  });
  try {
    await deployer.load(config);
    process.stdout.write(`${greeting(deployer, Object.keys(secrets.webhooks))}\n`);
    const unfollow = followConfig(userPath(options.config), () => reload(options.config, deployer, log));
    await interrupted;
    unfollow();
  } finally {
    await deployer.stop();
  }
  return EXIT.ok;
}

/** What is written to the state would be taken for configuration, and for a change of it. */
function refuseStateInConfig({ config, state }: DevOptions): void {
  const inside = relative(userPath(config), userPath(state));
  if (inside === '..' || inside.startsWith('../') || (inside !== '' && isLeftOut(inside))) return;
  throw new DriftlessError('UsageInvalid', `--state ${state}: lies in the folder of --config; name a folder beside it`);
}

/** Loads the configuration as it is now; one that is invalid, or not there, changes nothing. */
async function reload(path: string, deployer: Deployer, log: Log): Promise<void> {
  try {
    const parsed = await readConfig(path);
    if (parsed.ok) await deployer.load(parsed.config);
    else log.error('configuration is invalid, so nothing was changed', { problems: formatProblems(parsed.problems) });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.error('configuration could not be loaded, so nothing was changed', { code, reason: message });
  }
}

function logTo(format: DevOptions['log']): Log {
  return createLog((line) => {
    const now = new Date();
    const { level, message, fields } = line;
    const text =
      format === 'json'
        ? JSON.stringify({ time: now.toISOString(), level, message, ...fields })
        : formatLogLine(line, now);
    process.stderr.write(`${text}\n`);
  });
}

function greeting({ url, kubeconfigPath }: Deployer, forges: readonly string[]): string {
  const endpoints = forges.map((forge) => `webhooks arrive at ${url}/webhooks/${forge}`);
  const off = 'webhooks are off, since --secrets names none; commits are looked for every 30 s';
  const cluster = kubeconfigPath === undefined ? [] : [`cluster: kubectl --kubeconfig ${kubeconfigPath} get all -A`];
  const verbs = `ask it with: driftless status${url === DEFAULT_URL ? '' : ` --url ${url}`}`;
  return [...(endpoints.length > 0 ? endpoints : [off]), verbs, ...cluster, 'stop with Ctrl-C'].join('\n');
}
