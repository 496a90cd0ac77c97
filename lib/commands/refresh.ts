// In: an application. Out: the application as it is now, after its Git server and its cluster were asked. May go wrong: ApplicationUnknown; a server that does not
// answer is told in the view.

import { configuredApplication, type QueryPorts, readState } from '../queries/application.ts';
import { type ApplicationView, viewApplication } from '../queries/application-view.ts';
import type { DriftScans } from './scan-now.ts';

export type RefreshPorts = QueryPorts &
  Pick<DriftScans, 'check'> & {
    /** Asks Git for the heads of these applications, and requests what is due; absent where the API cannot reach Git servers. */
    readonly look?: (apps: readonly string[]) => Promise<void>;
  };

/** What was found. */
export type RefreshAnswer = {
  readonly application: ApplicationView;
  /** Whether Git was asked now; otherwise the next sweep asks it. */
  readonly git: 'asked' | 'swept';
};

/** Asks Git and the cluster now. */
export async function refreshApplication(name: string, ports: RefreshPorts): Promise<RefreshAnswer> {
  await configuredApplication(name, ports);
  await Promise.all([ports.look?.([name]), ports.check([name])]);
  const application = viewApplication(await readState(name, ports), ports.clock.now());
  return { application, git: ports.look === undefined ? 'swept' : 'asked' };
}
