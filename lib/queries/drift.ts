// In: a name, or nothing for all. Out: the drift of one or all applications, as the scans have recorded it. May go wrong: ApplicationUnknown.
import { type QueryPorts, readState } from './application.ts';
import { readStates } from './applications.ts';
import { type DriftView, viewDrift } from './drift-view.ts';

/** Returns the drift of all applications, by name. */
export async function listDrift(ports: QueryPorts): Promise<readonly DriftView[]> {
  return (await readStates(ports)).map(viewDrift);
}

/** Returns the drift of one application. */
export async function getDrift(name: string, ports: QueryPorts): Promise<DriftView> {
  return viewDrift(await readState(name, ports));
}
