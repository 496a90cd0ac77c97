import type { ConfigReport } from '../../../lib/model/configuration-record.ts';
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { formatConfiguration } from '../../text/configuration-text.ts';
import { EXIT, type Format, print } from '../../text/output.ts';
import { formatApplication, formatStatus } from '../../text/status-text.ts';

/** What every verb for a running deployer is told. */
export type RemoteOptions = DeployerAddress & { readonly output: Format };

/** `status [APP]`: how applications stand to Git, and how they do. */
export async function status(app: string | undefined, options: RemoteOptions): Promise<number> {
  const { output } = options;
  const api = openApi(options);
  if (app !== undefined) {
    const view = await api.get<ApplicationView>(pathOf('applications', app));
    print(output, view, () => formatApplication(view, Date.now()));
    return isWell(view) ? EXIT.ok : EXIT.differs;
  }
  const { applications, configuration } = await api.get<Applications>('/applications');
  print(output, applications, () =>
    [formatStatus(applications, Date.now()), ...formatConfiguration(configuration, Date.now())].join('\n'),
  );
  const isFollowed = configuration === undefined || configuration.status === 'followed';
  return isFollowed && applications.every(isWell) ? EXIT.ok : EXIT.differs;
}

type Applications = {
  readonly applications: readonly ApplicationView[];
  readonly configuration?: ConfigReport;
};

/** What goes on is no fault yet. */
function isWell({ sync, health }: ApplicationView): boolean {
  const isHealthy = health === undefined || ['Healthy', 'Suspended', 'Progressing'].includes(health.status);
  return isHealthy && (sync.status === 'Synced' || sync.status === 'Progressing');
}
