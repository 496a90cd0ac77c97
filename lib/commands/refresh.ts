// In: an application. Out: the application as it is now, after its Git server and its cluster were asked. May go wrong: ApplicationUnknown; a server that does not
// answer is told.

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
  /** Whether Git was asked now, and did not answer; where it was not asked, the next sweep asks it. */
  readonly git: 'asked' | 'unanswered' | 'swept';
  /** Why Git did not answer. The view still has the head that was known before. */
  readonly reason?: string;
};

/** Asks Git and the cluster now. */
export async function refreshApplication(name: string, ports: RefreshPorts): Promise<RefreshAnswer> {
  await configuredApplication(name, ports);
  await Promise.all([ports.look?.([name]), ports.check([name])]);
  const state = await readState(name, ports);
  const application = viewApplication(state, ports.clock.now());
  if (ports.look === undefined) return { application, git: 'swept' };
  const problem = state.record.head?.problem;
  return problem === undefined
    ? { application, git: 'asked' }
    : { application, git: 'unanswered', reason: problem.message };
}
