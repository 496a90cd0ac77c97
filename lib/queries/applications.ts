// In: nothing. Out: all applications as people see them, or their states. Reads the state table only, never a cluster.
import { mapBounded } from '../async/map-bounded.ts';
import { newestOperation, type QueryPorts } from './application.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import type { ApplicationState } from './drift-view.ts';

const READS_AT_ONCE = 16;

/** Returns all applications, by name. */
export async function listApplications(ports: QueryPorts): Promise<readonly ApplicationView[]> {
  const states = await readStates(ports);
  return states.map((state) => viewApplication(state, ports.clock.now()));
}

/** Reads the records of all applications and what belongs to them, by name. */
export async function readStates(ports: QueryPorts): Promise<readonly ApplicationState[]> {
  const { state } = ports;
  const [records, clusters] = await Promise.all([state.applications(), state.clusters()]);
  const drifts = await state.drifts(records.map(({ app }) => app.name));
  const states = await mapBounded(records, READS_AT_ONCE, async (record) => ({
    record,
    drift: drifts.get(record.app.name),
    cluster: clusters.find(({ cluster }) => cluster === record.app.destination.cluster),
    newest: await newestOperation(record, ports),
  }));
  return states.sort((a, b) => (a.record.app.name < b.record.app.name ? -1 : 1));
}
