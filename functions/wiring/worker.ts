import { createTunnelWorker } from '../../lib/kube/tunnel/worker.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { readSettings } from '../environment.ts';

/** The composition of the worker in a cluster's network; it has no rights and needs no settings. */
export function wireWorker(environment: NodeJS.ProcessEnv): (event: unknown) => Promise<unknown> {
  readSettings('worker', environment);
  return createTunnelWorker({ clock: systemClock }).answer;
}
