import { setTimeout } from 'node:timers/promises';
import type { ScanAnswer } from '../../../lib/commands/scan-now.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { ConfigReport } from '../../../lib/model/configuration-record.ts';
import type { ApplicationList, ListedApplication } from '../../../lib/queries/application-list.ts';
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import type { DeployerProblem } from '../../../lib/queries/deployer.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { allPages } from '../../client/pages.ts';
import { applicationSeen, configurationSeen, exitCodeOf, listedAs, type Seen, viewedAs } from '../../exit-code.ts';
import { type Format, print, printNote } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import { formatApplication, formatStatus, needsExplanation, type StatusRow } from '../../text/status-text.ts';
import { formatConfiguration } from './configuration-text.ts';

/** Options of every verb that queries a running deployer. */
export type RemoteOptions = Partial<DeployerAddress> & { readonly output: Format };

export type StatusOptions = RemoteOptions & {
  readonly watch?: boolean;
  readonly live?: boolean;
  readonly selector?: string;
  readonly ignoreWaiting?: boolean;
};

/** Milliseconds between two requests of `--watch`. */
const WATCH_MS = 2_000;

/** The applications that are explained below the table at most. */
const MOST_EXPLAINED = 10;

const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J';

/** What is printed, as a value and for people. */
type Shown = {
  readonly value: unknown;
  readonly text: () => string;
  readonly seen: readonly Seen[];
  readonly problem?: string | undefined;
};

/** `status [APP] [--live] [--watch]`: the sync and health status of applications. */
export async function status(app: string | undefined, options: StatusOptions): Promise<number> {
  const { output, watch = false, selector, ignoreWaiting } = options;
  if (app !== undefined && selector !== undefined)
    throw new DriftlessError('UsageInvalid', '--selector: selects among all applications; leave out the name');
  const api = openApi(options);
  if (options.live) await lookNow(app, api);
  const load = loaderOf(app, api, { output, selector });
  if (watch) return watchStatus(load, output);
  const shown = await load();
  print(output, shown.value, shown.text, { colours: true });
  if (shown.problem !== undefined) printNote(shown.problem);
  return exitCodeOf([...shown.seen, shown.problem === undefined ? 'well' : 'refused'], { ignoreWaiting });
}

/** Lets the deployer scan the clusters first, instead of showing what the last scan has seen. */
async function lookNow(app: string | undefined, api: Api): Promise<void> {
  const what = app === undefined ? {} : { apps: [app] };
  const { clusters } = await withProgress('scanning', () => api.post<ScanAnswer>('/drift/scan', what));
  for (const { cluster, status, reason } of clusters.filter((scan) => scan.status !== 'scanned'))
    printNote(`Cluster/${cluster}: the scan is ${status}${reason === undefined ? '' : `, ${reason}`}`);
}

/** Prints what has changed until Ctrl-C: on a terminal in place, else below each other. */
async function watchStatus(load: () => Promise<Shown>, output: Format): Promise<number> {
  for (let last = ''; ; await setTimeout(WATCH_MS)) {
    const { value, text, problem } = await load();
    // Times grow all the while; without a terminal only another status is printed.
    const now = process.stdout.isTTY && output === 'text' ? text() : JSON.stringify(value);
    if (now === last) continue;
    last = now;
    if (process.stdout.isTTY && output === 'text') process.stdout.write(CLEAR_SCREEN);
    print(output, value, text, { colours: true });
    if (problem !== undefined) printNote(problem);
  }
}

type Selected = { readonly selector: string | undefined };

function loaderOf(
  app: string | undefined,
  api: Api,
  { output, selector }: Selected & { readonly output: Format },
): () => Promise<Shown> {
  if (app !== undefined) return () => one(app, api);
  return output === 'text' ? () => table(api, selector) : () => all(api, selector);
}

type OneAnswer = ApplicationView & DeployerProblem & { readonly configuration?: ConfigReport };

async function one(app: string, api: Api): Promise<Shown> {
  const { configuration, ...view } = await api.get<OneAnswer>(pathOf('applications', app));
  const text = (): string => formatApplication(view, Date.now());
  const seen = [configurationSeen(configuration), ...applicationSeen(viewedAs(view))];
  return { value: view, text, seen, problem: problemOf(view) ?? configurationProblem(configuration) };
}

/** The whole views, for JSON and YAML; no text is made of them. */
async function all(api: Api, selector: string | undefined): Promise<Shown> {
  const query = selector === undefined ? '' : `?selector=${encodeURIComponent(selector)}`;
  const { applications, configuration, ...rest } = await api.get<Applications>(`/applications${query}`);
  const seen = [configurationSeen(configuration), ...applications.flatMap((view) => applicationSeen(viewedAs(view)))];
  return { value: applications, text: () => '', seen, problem: problemOf(rest) ?? configurationProblem(configuration) };
}

/** What keeps all applications from being deployed and scanned. */
function problemOf({ deployer }: DeployerProblem): string | undefined {
  return deployer && `nothing is deployed or scanned: ${deployer.message} (${deployer.code})`;
}

/** What JSON and YAML of the applications do not show: that the newest configuration is not in effect. */
function configurationProblem(report: ConfigReport | undefined): string | undefined {
  const lines = formatConfiguration(report, Date.now()).filter((line) => line !== '');
  return lines.length === 0 ? undefined : lines.join('\n');
}

type Applications = DeployerProblem & {
  readonly applications: readonly ApplicationView[];
  readonly configuration?: ConfigReport;
};

/** All applications from the list, with the views of the first ones that are not well. */
async function table(api: Api, selector: string | undefined): Promise<Shown> {
  const { items, configuration, ...rest } = await listOf(api, selector);
  const explained = items.filter(needsExplanation).slice(0, MOST_EXPLAINED);
  const byName = new Map((await viewsOf(explained, api)).map((view) => [view.name, view]));
  const rows = items.map((item): StatusRow => ({ item, view: byName.get(item.name) }));
  const text = (): string => [tableOf(rows, selector), ...formatConfiguration(configuration, Date.now())].join('\n');
  const seen = [
    configurationSeen(configuration),
    ...rows.flatMap(({ item, view }) => applicationSeen(view === undefined ? listedAs(item) : viewedAs(view))),
  ];
  return { value: rows, text, seen, problem: problemOf(rest) };
}

function tableOf(rows: readonly StatusRow[], selector: string | undefined): string {
  return rows.length === 0 && selector !== undefined
    ? 'no application has these labels'
    : formatStatus(rows, Date.now());
}

/** The views of applications, in one request; one that has been removed since it was listed has none. */
async function viewsOf(listed: readonly ListedApplication[], api: Api): Promise<readonly ApplicationView[]> {
  if (listed.length === 0) return [];
  const names = listed.map(({ name }) => encodeURIComponent(name)).join(',');
  return (await api.get<Applications>(`/applications?names=${names}`)).applications;
}

type ListAnswer = ApplicationList & DeployerProblem & { readonly configuration?: ConfigReport };

/** The whole list. */
async function listOf(api: Api, selector?: string): Promise<ListAnswer> {
  return allPages<ListAnswer>(
    (query) => api.get(`/v1/applications${query}`),
    selector === undefined ? {} : { selector },
  );
}
