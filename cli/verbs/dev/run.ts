import { mkdir, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { isLeftOut } from '../../../lib/config/config-files.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/ports/runtime.ts';
import { createLog, formatLogLine } from '../../../lib/runtime/log.ts';
import { systemClock } from '../../../lib/runtime/system-clock.ts';
import { DEFAULT_URL } from '../../client/deployer-address.ts';
import { commandName } from '../../command-name.ts';
import { readConfig, validConfig } from '../../dev/config/config-folder.ts';
import { traceOf } from '../../dev/config/config-trace.ts';
import { followConfig } from '../../dev/config/follow-config.ts';
import { FollowedFolder } from '../../dev/config/followed-folder.ts';
import { requireLinux } from '../../dev/platform.ts';
import { NO_SECRETS, readSecretsFile } from '../../dev/secrets-file.ts';
import { runUntilInterrupted } from '../../dev/stopping.ts';
import { type Deployer, type DeployerOptions, startDeployer } from '../../dev/wiring.ts';
import { userPath } from '../../paths.ts';
import { EXIT, printError, printNote } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';

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
  requireLinux('dev');
  const path = userPath(options.config);
  // From before it is read, so that an edit during the start is seen.
  const seen = traceOf(path);
  const config = validConfig(await readConfig(options.config));
  const secrets = options.secrets === undefined ? NO_SECRETS : await readSecretsFile(options.secrets);
  const stateDir = userPath(options.state);
  refuseStateInConfig(options);
  await makeState(options.state);
  const { kubeconfig, context, port } = options;
  const log = logTo(options.log);
  const running = runUntilInterrupted();
  const dynamoDbEndpoint = process.env['DYNAMODB_ENDPOINT'];
  const folder = new FollowedFolder(options.config, { clock: systemClock, log });
  const deployer = await start({
    configuration: folder.report,
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
  let unannounce: (() => Promise<void>) | undefined;
  try {
    unannounce = await running.serve(deployer);
    await deployer.load(config);
    if (deployer.notice !== undefined) printNote(deployer.notice);
    process.stdout.write(`${greeting(deployer, Object.keys(secrets.webhooks))}\n`);
    const unfollow = followConfig(path, { seen, reload: () => folder.reload(deployer.load) });
    const lost = await Promise.race([running.interrupted.then(() => undefined), deployer.lost]);
    unfollow();
    if (lost !== undefined) {
      printError(lost);
      return EXIT.differs;
    }
  } finally {
    await unannounce?.();
    await deployer.stop();
  }
  return EXIT.ok;
}

function start(options: DeployerOptions): Promise<Deployer> {
  const what =
    options.kubeconfig === undefined ? 'starting the control plane and the deployer' : 'starting the deployer';
  return withProgress(what, () => startDeployer(options));
}

async function makeState(state: string): Promise<void> {
  const path = userPath(state);
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory())
    throw new DriftlessError('UsageInvalid', `--state ${state}: is a file; name a folder`);
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Files of the state would be read as configuration, and as a change of it. */
function refuseStateInConfig({ config, state }: DevOptions): void {
  const inside = relative(userPath(config), userPath(state));
  if (inside === '..' || inside.startsWith('../') || (inside !== '' && isLeftOut(inside))) return;
  throw new DriftlessError(
    'UsageInvalid',
    `--state ${state}: is inside the folder of --config; name a folder outside it`,
  );
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
  const off = 'webhooks are off, since --secrets is not set; the deployer polls for commits every 30 s';
  const cluster = kubeconfigPath === undefined ? [] : [`cluster: kubectl --kubeconfig ${kubeconfigPath} get all -A`];
  const verbs = `status: ${commandName()} status${url === DEFAULT_URL ? '' : ` --url ${url}`}`;
  return [...(endpoints.length > 0 ? endpoints : [off]), verbs, ...cluster, 'press Ctrl-C to stop'].join('\n');
}
