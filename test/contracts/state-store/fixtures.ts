import type { Application, Source } from '../../../lib/model/application.ts';
import type { LastSync, Lease } from '../../../lib/model/application-record.ts';
import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import type { Operation, OutcomeStatus, Trigger } from '../../../lib/model/operation.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';

/** A store that is empty, the clock that it goes by, and the same store as another worker has it. */
export type Fixture = {
  readonly store: StateStore;
  readonly clock: ManualClock;
  readonly other: (worker: string) => StateStore;
};

/** What a contract is run on: a new, empty store for each test. */
export type Open = () => Promise<Fixture>;

export const LEASE_SECONDS = 60;
export const PUSH: Trigger = { kind: 'push', by: 'delivery-1' };
export const REV_A = 'a'.repeat(40);
export const REV_B = 'b'.repeat(40);

/** An Application that uses every field. */
export function anApplication(name: string, source: Partial<Source> = {}, more: readonly Source[] = []): Application {
  return {
    name,
    project: 'default',
    sources: [
      {
        repo: 'https://github.com/acme/shop',
        ref: 'main',
        path: 'deploy/prod',
        helm: {
          releaseName: 'shop',
          valueFiles: ['values.yaml'],
          values: { replicas: 3, ratio: 1e300, empty: '', nothing: null, list: [{ deep: true }] },
          includeCRDs: true,
        },
        ...source,
      },
      ...more,
    ],
    destination: { cluster: 'prod', namespace: 'shop' },
    sync: {
      mode: 'auto',
      prune: true,
      pruneProtected: ['Namespace'],
      maxPrunePercent: 50,
      allowEmpty: false,
      createNamespace: true,
      force: false,
      recreate: false,
      timeoutSeconds: 600,
    },
    drift: { mode: 'correct' },
    rollback: { alarms: ['shop-5xx'], bakeTimeSeconds: 900 },
  };
}

/** An application `shop` that is known and was never deployed. */
export async function withShop(open: Open): Promise<Fixture> {
  const fixture = await open();
  await fixture.store.putApplication(anApplication('shop'), 'hash-1');
  return fixture;
}

/** Asks for a revision of `shop` and gives its operation the lease. */
export async function acquired({ store }: Pick<Fixture, 'store'>, revision = REV_A): Promise<Lease> {
  const { seq } = await store.request('shop', { revision, trigger: PUSH });
  return leaseOf(store, seq);
}

/** The lease of an operation of `shop` that nothing keeps from getting it. */
export async function leaseOf(store: StateStore, seq: number): Promise<Lease> {
  const acquisition = await store.acquire('shop', seq, LEASE_SECONDS);
  if (acquisition.status !== 'acquired') throw new Error(`operation ${seq} is ${acquisition.status}`);
  return acquisition.lease;
}

/** The end of the operation that holds a lease. */
export function endOf(lease: Lease, status: OutcomeStatus = 'synced', revision = REV_A): { operation: Operation } {
  return {
    operation: {
      app: lease.app,
      seq: lease.seq,
      trigger: PUSH,
      phase: 'done',
      revision,
      plan: { created: 1, configured: 2, recreated: 0, unchanged: 3, deleted: 0, skipped: 0, refused: 0 },
      changeSetKey: 'plans/shop-1',
      outcome: {
        status,
        message: 'all objects are healthy',
        revision,
        health: { status: 'Degraded', message: 'one pod crashes' },
        error: { code: 'RenderFailed', message: 'chart fails', hint: 'run helm' },
      },
      timings: { resolve: 12, apply: 340.5 },
      requestedAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:01.000Z',
      endedAt: '2026-01-01T00:00:09.000Z',
    },
  };
}

export function aLastSync(seq: number): LastSync {
  return {
    revision: REV_A,
    seq,
    specHash: 'hash-1',
    inputs: [{ path: 'deploy/prod', oid: 'c'.repeat(40) }],
    renderedKey: 'rendered/1',
    status: 'synced',
  };
}

export function anInventory(size: number, mark = ''): readonly InventoryEntry[] {
  return Array.from({ length: size }, (_, i) => ({
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: `api-${i}${mark}`,
    apiVersion: 'apps/v1',
    hash: `hash-${i}`,
    uid: `uid-${i}`,
    resourceVersion: String(i),
    generation: i,
  }));
}

/** What a promise that must fail fails with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing failed',
    (error) => error,
  );
}

export const LEASE_LOST = expect.objectContaining({ code: 'LeaseLost' });
export const APPLICATION_UNKNOWN = expect.objectContaining({ code: 'ApplicationUnknown' });
