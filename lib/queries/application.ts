// In: a name. Out: one application as people see it, or its state. Reads the state table only, never a cluster. May go wrong: ApplicationUnknown.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Operation } from '../model/operation.ts';
import type { Clock } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import type { ApplicationState } from './drift-view.ts';
import { unhealthyObjects } from './health-view.ts';
import { readLeft } from './left-view.ts';

export type QueryPorts = { readonly state: StateStore; readonly clock: Pick<Clock, 'now'> };

/** Returns one application. */
export async function getApplication(name: string, ports: QueryPorts): Promise<ApplicationView> {
  const state = await readState(name, ports);
  const { health, ...view } = viewApplication(state, ports.clock.now());
  return { ...view, ...(health && { health: { ...health, objects: unhealthyObjects(state) } }) };
}

/** Returns the record of a configured application. */
export async function configuredApplication(
  name: string,
  { state }: Pick<QueryPorts, 'state'>,
): Promise<ApplicationRecord> {
  const record = await state.application(name);
  if (record !== undefined) return record;
  const now = await nameNow(name, { state });
  const what = now === undefined ? 'is not configured' : `is called ${now} now, which has its history`;
  throw new DriftlessError('ApplicationUnknown', `Application/${name}: ${what}`);
}

/** The name that an application has now which had this one. */
async function nameNow(former: string, { state }: Pick<QueryPorts, 'state'>): Promise<string | undefined> {
  const records = await state.applications();
  return records.find(({ formerly = [] }) => formerly.some(({ name }) => name === former))?.app.name;
}

/** Reads one application's record and what belongs to it. */
export async function readState(name: string, ports: QueryPorts): Promise<ApplicationState> {
  const record = await configuredApplication(name, ports);
  const [drift, cluster, newest, left] = await Promise.all([
    ports.state.drift(name),
    ports.state.cluster(record.app.destination.cluster),
    newestOperation(record, ports),
    readLeft(record, ports.state),
  ]);
  return { record, drift, cluster, newest, left };
}

/** Reads the operation that was requested last; undefined before the first. */
export async function newestOperation(
  { app, desiredSeq }: ApplicationRecord,
  { state }: QueryPorts,
): Promise<Operation | undefined> {
  return desiredSeq === 0 ? undefined : state.operation(app.name, desiredSeq);
}
