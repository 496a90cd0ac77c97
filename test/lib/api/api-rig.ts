// A deployer's API on a state table in memory; what it starts and scans is recorded.
import { Hono } from 'hono';
import { createSignedApi, type GatewayContext } from '../../../lib/api/auth-iam.ts';
import { localOnly } from '../../../lib/api/auth-loopback.ts';
import { createApi } from '../../../lib/api/routes.ts';
import type { Application } from '../../../lib/model/application.ts';
import type { LastSync } from '../../../lib/model/application-record.ts';
import type { ConfigReport } from '../../../lib/model/configuration-record.ts';
import type { DriftedObject, DriftRecord } from '../../../lib/model/drift.ts';
import type { Operation, OutcomeStatus, Trigger } from '../../../lib/model/operation.ts';
import { stableHash } from '../../../lib/model/stable-hash.ts';
import type { Blobs, StateStore } from '../../../lib/ports/store.ts';
import { aLastSync, anApplication, endOf, leaseOf, REV_A } from '../../contracts/state-store/fixtures.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import { memoryBlobs } from '../../fakes/memory-blobs.ts';
import type { RecordingLog } from '../../fakes/recording-log.ts';

type Table = {
  readonly store: StateStore;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
};

type Reply = { readonly status: number; readonly body: unknown };

export type ApiRig = Table & {
  readonly blobs: Blobs;
  readonly started: readonly string[];
  /** What scans were asked for: names of clusters, applications, or `all`. */
  readonly scanned: readonly string[];
  /** What the next scan finds. */
  finds(record: DriftRecord): void;
  /** What is known of the configuration's repository from now on. */
  reports(report: ConfigReport): void;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
};

/** Serves the API as `dev` does or, where it is told beside each request who sends it, as AWS does. */
export function startApi({ store, clock, log }: Table, tell?: (path: string) => GatewayContext): ApiRig {
  const started: string[] = [];
  const scanned: string[] = [];
  const found: DriftRecord[] = [];
  const reported: ConfigReport[] = [];
  const blobs = memoryBlobs();
  const look = async (what: readonly string[]): Promise<void> => {
    scanned.push(...what);
    for (const record of found.splice(0)) await store.putDrift(record);
  };
  const ports = {
    state: store,
    blobs,
    deployer: 'test',
    clock,
    log,
    operations: { start: async (app: string, seq: number) => void started.push(`${app}-${seq}`) },
    scan: async (clusters: readonly string[] = ['all']) => {
      await look(clusters);
      return { clusters: [] };
    },
    check: look,
    configuration: async () => reported.at(-1),
  };
  const local = new Hono();
  local.use('/api/*', localOnly(log));
  local.route('/api', createApi(ports));
  const signed = createSignedApi(ports);
  const answer = async (path: string, init: RequestInit): Promise<Reply> => {
    const request = new Request(`http://127.0.0.1:8080${path}`, init);
    const reply = await (tell === undefined ? local.fetch(request) : signed.fetch(request, tell(path)));
    return { status: reply.status, body: await reply.json() };
  };
  return {
    store,
    blobs,
    clock,
    log,
    started,
    scanned,
    finds: (record) => void found.push(record),
    reports: (report) => void reported.push(report),
    get: (path, headers = {}) => answer(path, { headers }),
    post: (path, body = {}, headers = {}) =>
      answer(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

type Made = {
  readonly app?: string;
  readonly status?: OutcomeStatus;
  readonly revision?: string;
  readonly trigger?: Trigger;
  readonly more?: Partial<Operation>;
  readonly lastSync?: Partial<LastSync>;
};

/** Configures an application. */
export async function configure({ store }: ApiRig, name = 'shop', more: Partial<Application> = {}): Promise<void> {
  await store.putApplication({ ...anApplication(name), ...more }, stableHash({ name, ...more }));
}

/** An operation of `shop` from its beginning to its end. */
export async function operate({ store, clock }: ApiRig, made: Made = {}): Promise<number> {
  const { app = 'shop', status = 'synced', revision = REV_A, trigger = { kind: 'push', by: 'd-1' } } = made;
  const { seq } = await store.request(app, { revision, trigger });
  const acquisition = app === 'shop' ? await leaseOf(store, seq) : undefined;
  if (acquisition === undefined) throw new Error('only shop is operated');
  const { operation } = endOf(acquisition, status, revision);
  const now = new Date(clock.now()).toISOString();
  const ended = { ...operation, trigger, startedAt: now, endedAt: now, renderedKey: `rendered/${seq}`, ...made.more };
  const isGood = status === 'synced' || status === 'rolledBack';
  const specHash = (await store.application(app))?.specHash ?? '';
  const lastSync = { ...aLastSync(seq), specHash, revision, status, ...made.lastSync };
  await store.conclude(acquisition, {
    operation: ended,
    ...(isGood && { lastSync, health: { status: 'Healthy', message: '' } }),
  });
  return seq;
}

/** A Service that somebody deleted, or another object that somebody changed. */
export function aDriftedObject(more: Partial<DriftedObject> = {}): DriftedObject {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    id: { group: '', kind: 'Service', namespace: 'shop', name: 'web' },
    apiVersion: 'v1',
    drift: 'missing',
    fields: [],
    by: [],
    since: at,
    firstSeen: { scan: 'scan-1', at },
    handling: 'correct',
    ...more,
  };
}

/** What a scan has found of `shop`. */
export function aDriftRecord(objects: readonly DriftedObject[], more: Partial<DriftRecord> = {}): DriftRecord {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    app: 'shop',
    version: 1,
    status: objects.length > 0 ? 'Drifted' : 'InSync',
    since: at,
    scannedAt: at,
    scan: 'scan-1',
    objects,
    count: objects.length,
    ...more,
  };
}
