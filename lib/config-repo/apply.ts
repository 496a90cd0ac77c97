// In: the applications of a valid configuration. Out: the state table holds exactly these; new and changed ones are deployed. Safe to repeat: an unchanged
// application is skipped.

import { mapBounded } from '../async/map-bounded.ts';
import type { Application } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { specHash } from '../model/stored-application.ts';
import { type RequestPorts, requestOperation } from '../operations/request-operation.ts';
import type { GatedApplication } from '../policy/gates.ts';
import type { Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import { renamesOf } from './renames.ts';

export type ApplyConfigPorts = RequestPorts & { readonly state: StateStore; readonly log: Log };

const APPLICATIONS_AT_ONCE = 16;

/** Makes the state table follow the configuration. An application that is no longer configured is no longer deployed; its objects stay. */
export async function applyConfig(applications: readonly Application[], ports: ApplyConfigPorts): Promise<void> {
  const { state, log } = ports;
  const configured = new Set(applications.map(({ name }) => name));
  const before = new Map<string, GatedApplication>();
  const records = await state.applications();
  const renames = await rename(applications, records.filter(isFromConfig), ports);
  const former = new Set(renames.values());
  for (const record of records) {
    const { app } = record;
    before.set(app.name, record);
    if (configured.has(app.name) || former.has(app.name) || !isFromConfig(record)) continue;
    await state.removeApplication(app.name);
    log.warn('removed application, its objects stay in the cluster; driftless orphans lists them', { app: app.name });
  }
  await mapBounded(applications, APPLICATIONS_AT_ONCE, (app) =>
    applyOne({ ...before.get(renames.get(app.name) ?? app.name), app }, { isRenamed: renames.has(app.name) }, ports),
  );
  await state.fillIndexes();
}

/** Renamed applications come first: what is removed before has lost its suspension and the commits that it holds. Returns the former names by the new ones. */
async function rename(
  applications: readonly Application[],
  records: readonly ApplicationRecord[],
  { state, log }: ApplyConfigPorts,
): Promise<ReadonlyMap<string, string>> {
  const wanted = renamesOf(applications, records);
  const renames = new Map<string, string>();
  for (const app of applications) {
    const from = wanted.get(app.name);
    // Under the new name there may be an application that no configuration declared.
    if (from === undefined || (await state.renameApplication(from, app, specHash(app))) !== 'renamed') continue;
    renames.set(app.name, from);
    log.info('renamed application, which goes on with objects and history', { app: app.name, from });
  }
  return renames;
}

/** Whether a configuration declared the application, so that another one may remove it. */
export function isFromConfig({ origin }: ApplicationRecord): boolean {
  return origin === undefined || origin.kind === 'config';
}

/** While a gate blocks it, nothing is requested; the sweep requests the operation when the gate has opened. */
async function applyOne(
  application: GatedApplication,
  { isRenamed }: { readonly isRenamed: boolean },
  ports: ApplyConfigPorts,
): Promise<void> {
  const { app } = application;
  const change = await ports.state.putApplication(app, specHash(app));
  if (change === 'unchanged' && !isRenamed) return;
  ports.log.info('configured application', { app: app.name, change });
  await requestOperation(application, { trigger: { kind: 'config' } }, ports);
}
