// In: names, or nothing for all. Out: applications as people see them, or their states. Reads the state table only, never a cluster.
import type { QueryPorts } from './application.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import type { ApplicationState } from './drift-view.ts';

/** Returns all applications, or those of these names that are configured; by name. */
export async function listApplications(
  ports: QueryPorts,
  names?: readonly string[],
): Promise<readonly ApplicationView[]> {
  const states = await readStates(ports, names);
  return states.map((state) => viewApplication(state, ports.clock.now()));
}

/** Reads the records of applications and what belongs to them, by name. */
export async function readStates(
  { state }: QueryPorts,
  names?: readonly string[],
): Promise<readonly ApplicationState[]> {
  const [records, clusters] = await Promise.all([state.applications(names), state.clusters()]);
  const [drifts, newest] = await Promise.all([
    state.drifts(records.map(({ app }) => app.name)),
    state.newestOperations(records),
  ]);
  return records.map((record) => ({
    record,
    drift: drifts.get(record.app.name),
    cluster: clusters.find(({ cluster }) => cluster === record.app.destination.cluster),
    newest: newest.get(record.app.name),
  }));
}
