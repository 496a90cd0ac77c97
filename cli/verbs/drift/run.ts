import type { ScanAnswer } from '../../../lib/commands/scan-now.ts';
import type { DriftView } from '../../../lib/queries/drift-view.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import { driftSeen, exitCodeOf, scanSeen } from '../../exit-code.ts';
import { formatDrift, formatDrifts } from '../../text/drift-text.ts';
import { print, printNote } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import type { RemoteOptions } from '../status/run.ts';

export type DriftOptions = RemoteOptions & { readonly now?: boolean };

/** `drift [APP] [--now]`: what differs from what was deployed, who changed it and since when. */
export async function drift(app: string | undefined, options: DriftOptions): Promise<number> {
  const { output, now = false } = options;
  const api = openApi(options);
  if (app !== undefined) {
    const view = await one(app, now, api);
    print(output, view, () => formatDrift(view, Date.now()), { colours: true });
    return exitCodeOf([driftSeen(view)]);
  }
  const { applications, clusters } = await (now ? scanNow({}, api) : recorded(api));
  for (const { cluster, status, reason } of clusters.filter((scan) => scan.status !== 'scanned'))
    printNote(
      `Cluster/${cluster}: the scan is ${status}${reason === undefined ? '' : `, ${reason}`}; parts of this result may be older`,
    );
  const untold = clusters.filter((scan) => scanSeen(scan) === 'unknown').map(({ cluster }) => cluster);
  print(output, applications, () => formatDrifts(applications, Date.now(), untold), { colours: true });
  return exitCodeOf([...applications.map(driftSeen), ...clusters.map(scanSeen)]);
}

function scanNow(what: { readonly apps?: readonly string[] }, api: Api): Promise<ScanAnswer> {
  return withProgress('scanning for drift', () => api.post<ScanAnswer>('/drift/scan', what));
}

async function recorded(api: Api): Promise<ScanAnswer> {
  return { ...(await api.get<Pick<ScanAnswer, 'applications'>>('/drift')), clusters: [] };
}

async function one(app: string, now: boolean, api: Api): Promise<DriftView> {
  if (now) await scanNow({ apps: [app] }, api);
  return api.get(pathOf('applications', app, 'drift'));
}
