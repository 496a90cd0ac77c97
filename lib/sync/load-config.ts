// In: the applications of a valid configuration. Out: the state table holds exactly these; whoever is new or different is deployed. Safe to
// repeat: an application that is the same is left alone.
import type { Application } from '../model/application.ts';
import { stableHash } from '../model/stable-hash.ts';
import type { Log, Operations, StateStore } from '../ports.ts';
import { mapBounded } from './bounded.ts';

export type ConfigPorts = { readonly state: StateStore; readonly operations: Operations; readonly log: Log };

const APPLICATIONS_AT_ONCE = 16;

/** Makes the state table follow the configuration. What is not configured any more is not deployed any more; its objects stay. */
export async function loadConfig(applications: readonly Application[], ports: ConfigPorts): Promise<void> {
  const { state, log } = ports;
  const wanted = new Set(applications.map(({ name }) => name));
  for (const { app } of await state.applications()) {
    if (wanted.has(app.name)) continue;
    await state.removeApplication(app.name);
    log.warn('forgot application, its objects stay in the cluster', { app: app.name });
  }
  await mapBounded(applications, APPLICATIONS_AT_ONCE, (app) => configure(app, ports));
}

async function configure(app: Application, { state, operations, log }: ConfigPorts): Promise<void> {
  const change = await state.putApplication(app, stableHash(app));
  if (change === 'unchanged') return;
  log.info('configured application', { app: app.name, change });
  if (app.sync.mode !== 'auto') return;
  const { seq, start } = await state.request(app.name, { trigger: { kind: 'config' } });
  if (start) await operations.start(app.name, seq);
}
