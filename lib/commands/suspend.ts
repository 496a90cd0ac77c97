// In: an application, a reason. Out: nothing is deployed or corrected automatically until the application is resumed. May go wrong: ApplicationUnknown,
// RequestInvalid for an end in the past.
import { DriftlessError } from '../errors.ts';
import type { Suspension } from '../model/application-record.ts';
import { configuredApplication } from '../queries/application.ts';
import type { CommandPorts } from './person-request.ts';

/** The reason, the user and the end; `until` is ISO 8601. */
export type SuspendInput = {
  readonly reason: string;
  readonly by?: string | undefined;
  readonly until?: string | undefined;
};

/** Suspends an application; a suspended one gets the new reason and end. A running operation continues to its end. */
export async function suspendApplication(
  name: string,
  { reason, by, until }: SuspendInput,
  ports: CommandPorts,
): Promise<Suspension> {
  await configuredApplication(name, ports);
  const now = ports.clock.now();
  if (until !== undefined && Date.parse(until) <= now)
    throw new DriftlessError('RequestInvalid', `until: ${until} is in the past; use a time in the future`);
  const at = new Date(now).toISOString();
  const suspension = { reason, at, ...(by !== undefined && { by }), ...(until !== undefined && { until }) };
  await ports.state.suspend(name, suspension);
  ports.log.info('suspended application', { app: name, reason, by, until });
  return suspension;
}
