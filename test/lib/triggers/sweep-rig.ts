// Applications that are swept, and what status says of them.
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import type { SyncOptions } from '../../../lib/model/application.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { listPage } from '../../../lib/queries/application-list.ts';
import type { SyncView } from '../../../lib/queries/sync-view.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

export const MINUTE = 60_000;

/** What status says; the list says the same. */
export async function syncOf({ state, clock }: Rig): Promise<SyncView> {
  const { sync } = await getApplication('shop', { state, clock });
  const { items } = await listPage({ limit: 10 }, { state, clock });
  expect(items[0]?.sync.status).toBe(sync.status);
  return sync;
}

/** The kinds of the events of the application, oldest first. */
export async function eventsOf({ state }: Rig): Promise<readonly string[]> {
  const { events } = await state.undelivered('APP#shop', 'test');
  return events.map(({ kind }) => kind);
}

export function suspend({ state, clock }: Rig, more: object = {}): Promise<void> {
  return state.suspend('shop', { reason: 'sale', by: 'ann', at: new Date(clock.now()).toISOString(), ...more });
}

/** Git fails with this from now on; undefined: it is there again. */
export function breakGit(rig: Rig, code: ErrorCode | undefined, message = 'no answer'): void {
  const { git } = rig.ports;
  const fails = { ...git, resolve: () => Promise.reject(new DriftlessError(code ?? 'Internal', message)) };
  Object.assign(rig.ports, {
    git: code === undefined ? Object.getPrototypeOf(git) : Object.setPrototypeOf(fails, git),
  });
}

export async function deployed(sync: Partial<SyncOptions> = {}): Promise<Rig> {
  const rig = await withRig().open(sync);
  await rig.state.fillIndexes();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask('manual'));
  expect(await syncOf(rig)).toMatchObject({ status: 'Synced' });
  return rig;
}
