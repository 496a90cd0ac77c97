// In: an application. Out: what a sync would change, as the wiring composes it. May go wrong: ApplicationUnknown; RequestInvalid where this API renders nothing.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { configuredApplication, type QueryPorts } from '../queries/application.ts';
import type { HeadPlan } from '../sync/plan-head.ts';

export type PlanCommandPorts = QueryPorts & {
  /** Plans the newest commit; absent where the API has no renderer. */
  readonly dryRun?: (record: ApplicationRecord) => Promise<HeadPlan>;
};

/** Plans the newest commit of an application; nothing is written. */
export async function planApplication(name: string, ports: PlanCommandPorts): Promise<HeadPlan> {
  const record = await configuredApplication(name, ports);
  if (ports.dryRun !== undefined) return ports.dryRun(record);
  throw new DriftlessError(
    'RequestInvalid',
    `Application/${name}: the API of this deployer renders nothing; run driftless plan PATH --name ${name} in a checkout`,
  );
}
