import { setTimeout } from 'node:timers/promises';
import type { ConfigReport } from '../../../lib/model/configuration-record.ts';
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import type { DeployerProblem } from '../../../lib/queries/deployer.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { formatConfiguration } from '../../text/configuration-text.ts';
import { EXIT, type Format, print, printNote } from '../../text/output.ts';
import { formatApplication, formatStatus } from '../../text/status-text.ts';

/** Options of every verb that queries a running deployer. */
export type RemoteOptions = Partial<DeployerAddress> & { readonly output: Format };

export type StatusOptions = RemoteOptions & { readonly watch?: boolean };

/** Milliseconds between two requests of `--watch`. */
const WATCH_MS = 2_000;

const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J';

/** What is printed, as a value and for people. */
type Shown = {
  readonly value: unknown;
  readonly text: () => string;
  readonly isWell: boolean;
  readonly problem?: string | undefined;
};

/** `status [APP] [--watch]`: the sync and health status of applications. */
export async function status(app: string | undefined, options: StatusOptions): Promise<number> {
  const { output, watch = false } = options;
  const api = openApi(options);
  const load = (): Promise<Shown> => (app === undefined ? all(api) : one(app, api));
  if (watch) return watchStatus(load, output);
  const shown = await load();
  print(output, shown.value, shown.text, { colours: true });
  if (shown.problem !== undefined) printNote(shown.problem);
  if (shown.problem !== undefined) return EXIT.error;
  return shown.isWell ? EXIT.ok : EXIT.differs;
}

/** Prints what has changed until Ctrl-C: on a terminal in place, else below each other. */
async function watchStatus(load: () => Promise<Shown>, output: Format): Promise<number> {
  for (let last = ''; ; await setTimeout(WATCH_MS)) {
    const { value, text, problem } = await load();
    // Times grow all the while; without a terminal only another status is printed.
    const now = process.stdout.isTTY ? text() : JSON.stringify(value);
    if (now === last) continue;
    last = now;
    if (process.stdout.isTTY && output === 'text') process.stdout.write(CLEAR_SCREEN);
    print(output, value, text, { colours: true });
    if (problem !== undefined) printNote(problem);
  }
}

async function one(app: string, api: Api): Promise<Shown> {
  const view = await api.get<ApplicationView & DeployerProblem>(pathOf('applications', app));
  const text = (): string => formatApplication(view, Date.now());
  return { value: view, text, isWell: isWell(view), problem: problemOf(view) };
}

async function all(api: Api): Promise<Shown> {
  const { applications, configuration, ...rest } = await api.get<Applications>('/applications');
  const isFollowed = configuration === undefined || configuration.status === 'followed';
  const text = (): string =>
    [formatStatus(applications, Date.now()), ...formatConfiguration(configuration, Date.now())].join('\n');
  return { value: applications, text, isWell: isFollowed && applications.every(isWell), problem: problemOf(rest) };
}

/** What keeps all applications from being deployed and scanned. */
function problemOf({ deployer }: DeployerProblem): string | undefined {
  return deployer && `nothing is deployed or scanned: ${deployer.message} (${deployer.code})`;
}

type Applications = DeployerProblem & {
  readonly applications: readonly ApplicationView[];
  readonly configuration?: ConfigReport;
};

/** An operation or rollout in progress counts as well. */
function isWell({ sync, health }: ApplicationView): boolean {
  const isHealthy = health === undefined || ['Healthy', 'Suspended', 'Progressing'].includes(health.status);
  return isHealthy && (sync.status === 'Synced' || sync.status === 'Progressing');
}
