// In: the applications of a valid configuration. Out: the state table holds exactly these; whoever is new or different is deployed. Safe to
// repeat: an application that is the same is left alone.

import { mapBounded } from '../async/map-bounded.ts';
import type { Application } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { stableHash } from '../model/stable-hash.ts';
import { barrierTo } from '../policy/gates.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';

export type ConfigPorts = {
  readonly state: StateStore;
  readonly operations: Operations;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

const APPLICATIONS_AT_ONCE = 16;

/** Makes the state table follow the configuration. What is not configured any more is not deployed any more; its objects stay. */
export async function loadConfig(applications: readonly Application[], ports: ConfigPorts): Promise<void> {
  const { state, log } = ports;
  const wanted = new Set(applications.map(({ name }) => name));
  const before = new Map<string, ApplicationRecord>();
  for (const record of await state.applications()) {
    const { app } = record;
    before.set(app.name, record);
    if (wanted.has(app.name)) continue;
    await state.removeApplication(app.name);
    log.warn('forgot application, its objects stay in the cluster', { app: app.name });
  }
  await mapBounded(applications, APPLICATIONS_AT_ONCE, (app) => configure({ ...before.get(app.name), app }, ports));
}

type Wanted = Pick<ApplicationRecord, 'app' | 'suspended'>;

/** What waits for its suspension to end is asked for by the sweep then. */
async function configure({ app, suspended }: Wanted, { state, operations, clock, log }: ConfigPorts): Promise<void> {
  const change = await state.putApplication(app, stableHash(app));
  if (change === 'unchanged') return;
  log.info('configured application', { app: app.name, change });
  const barred = { app, ...(suspended && { suspended }) };
  if (barrierTo(barred, { trigger: 'config', now: clock.now() }) !== undefined) return;
  const { seq, start } = await state.request(app.name, { trigger: { kind: 'config' } });
  if (start) await operations.start(app.name, seq);
}
