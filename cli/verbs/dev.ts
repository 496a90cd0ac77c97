import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { asDriftlessError } from '../../lib/errors.ts';
import type { Log } from '../../lib/ports.ts';
import { formatProblems, readConfig, validConfig } from '../config-folder.ts';
import { createLog, formatLogLine } from '../log.ts';
import { EXIT } from '../output.ts';
import { userPath } from '../paths.ts';
import { NO_SECRETS, readSecretsFile } from '../secrets-file.ts';
import { type Deployer, startDeployer } from '../wiring.ts';

export type DevOptions = {
  readonly config: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly port: number;
  readonly state: string;
  readonly secrets?: string;
  readonly log: 'text' | 'json';
};

/** An editor writes a file in several steps; the folder is read when it has been quiet for this long. */
const QUIET_MS = 300;

/** `dev`: the whole deployer in one process, until it is interrupted. */
export async function dev(options: DevOptions): Promise<number> {
  const dir = userPath(options.config);
  const config = validConfig(await readConfig(dir));
  const secrets = options.secrets === undefined ? NO_SECRETS : await readSecretsFile(userPath(options.secrets));
  const stateDir = userPath(options.state);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const { kubeconfig, context } = options;
  const log = createLog((line) => {
    const now = new Date();
    const { level, message, fields } = line;
    const text =
      options.log === 'json'
        ? JSON.stringify({ time: now.toISOString(), level, message, ...fields })
        : formatLogLine(line, now);
    process.stderr.write(`${text}\n`);
  });
  const dynamoDbEndpoint = process.env['DYNAMODB_ENDPOINT'];
  const deployer = await startDeployer({
    ...((kubeconfig ?? context) !== undefined && {
      kubeconfig: { ...(kubeconfig && { path: userPath(kubeconfig) }), ...(context && { context }) },
    }),
    ...(dynamoDbEndpoint && { dynamoDbEndpoint }),
    stateDir,
    port: options.port,
    secrets,
    log,
  });
  try {
    await deployer.load(config);
    process.stdout.write(`${greeting(deployer, Object.keys(secrets.webhooks))}\n`);
    followFolder(dir, () => reload(dir, deployer, log));
    await interrupted();
  } finally {
    await deployer.stop();
  }
  return EXIT.ok;
}

function greeting({ url, kubeconfigPath }: Deployer, forges: readonly string[]): string {
  const endpoints = forges.map((forge) => `webhook endpoint: ${url}/webhooks/${forge}`);
  const off = 'webhooks are off, since --secrets names none; commits are looked for every 30 s';
  const cluster = kubeconfigPath === undefined ? [] : [`cluster: kubectl --kubeconfig ${kubeconfigPath} get all -A`];
  return [...(endpoints.length > 0 ? endpoints : [off]), ...cluster, 'stop with Ctrl-C'].join('\n');
}

/** Loads what the folder holds now; what cannot be loaded leaves everything as it was, and the deployer running. */
async function reload(dir: string, deployer: Deployer, log: Log): Promise<void> {
  try {
    const parsed = await readConfig(dir);
    if (parsed.ok) await deployer.load(parsed.config);
    else log.error('configuration is invalid and was not loaded', { problems: formatProblems(parsed.problems) });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.error('configuration could not be loaded', { code, reason: message });
  }
}

function followFolder(dir: string, reload: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dir, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), QUIET_MS);
  });
  watcher.unref();
}

/** Resolves on the first Ctrl-C or termination. */
export async function interrupted(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
