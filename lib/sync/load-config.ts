// In: the applications of a valid configuration. Out: the state table holds exactly these; whoever is new or different is deployed. Safe to
// repeat: an application that is the same is left alone.
import type { Application } from '../model/application.ts';
import { stableHash } from '../model/stable-hash.ts';
import type { Log, Operations, StateStore } from '../ports.ts';

export type ConfigPorts = { readonly state: StateStore; readonly operations: Operations; readonly log: Log };

/** Makes the state table follow the configuration. What is not configured any more is not deployed any more; its objects stay. */
export async function loadConfig(
  applications: readonly Application[],
  { state, operations, log }: ConfigPorts,
): Promise<void> {
  const wanted = new Set(applications.map(({ name }) => name));
  for (const { app } of await state.applications()) {
    if (wanted.has(app.name)) continue;
    await state.removeApplication(app.name);
    log.warn('forgot application, its objects stay in the cluster', { app: app.name });
  }
  for (const app of applications) {
    const change = await state.putApplication(app, stableHash(app));
    if (change === 'unchanged') continue;
    log.info('configured application', { app: app.name, change });
    if (app.sync.mode !== 'auto') continue;
    const { seq, start } = await state.request(app.name, { trigger: { kind: 'config' } });
    if (start) await operations.start(app.name, seq);
  }
}
