import type { KnownHead } from '../../../lib/model/head.ts';
import type { OutcomeStatus, Trigger } from '../../../lib/model/operation.ts';
import { type ApplicationList, type ListedApplication, listPage } from '../../../lib/queries/application-list.ts';
import type { ApplicationView } from '../../../lib/queries/application-view.ts';
import { listed } from '../../cli/views.ts';
import { anApplication, leaseOf } from '../../contracts/state-store/fixtures.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { stateStoreOf } from '../../fakes/state-store.ts';
import { type ApiRig, aDriftedObject, aDriftRecord, configure, operate, startApi } from '../api/api-rig.ts';

const SECONDS = 1_000;

let api: ApiRig;

beforeEach(async () => {
  const fixture = await openMemoryStore();
  await fixture.store.fillIndexes();
  api = startApi(fixture);
});

async function list(query = ''): Promise<ApplicationList> {
  return (await api.get(`/api/v1/applications${query}`)).body as ApplicationList;
}

/** What the list and the view of an application both say. */
async function listedAndViewed(): Promise<readonly (ListedApplication | undefined)[]> {
  const { body } = await api.get('/api/applications');
  const [view] = (body as { readonly applications: readonly ApplicationView[] }).applications;
  if (view === undefined) throw new Error('nothing is configured');
  return [(await list()).items[0], listed(view)];
}

async function scan(more: object = {}): Promise<void> {
  await api.store.beginScan('prod', 'scan-9', 60);
  const startedAt = new Date(api.clock.now()).toISOString();
  await api.clock.advance(SECONDS / 4);
  const completedAt = new Date(api.clock.now()).toISOString();
  const about = { cluster: 'prod', status: 'Reachable', since: startedAt, scan: 'scan-9', startedAt } as const;
  await api.store.endScan({ ...about, completedAt, ms: 250, orphans: [], ...more });
}

async function drifted(handling: 'correct' | 'report' = 'correct'): Promise<void> {
  const objects = [aDriftedObject(), aDriftedObject({ handling })];
  await api.store.putDrift(aDriftRecord(objects, { scannedAt: new Date(api.clock.now()).toISOString() }));
}

async function operated(status: OutcomeStatus, kind: Trigger['kind'] = 'push'): Promise<void> {
  await api.clock.advance(SECONDS / 2);
  await operate(api, { status, trigger: { kind } });
}

async function deleting(): Promise<void> {
  const { seq } = await api.store.request('shop', { trigger: { kind: 'sweep' } });
  const at = new Date(api.clock.now()).toISOString();
  const outcome = { status: 'unchanged', message: '' } as const;
  const operation = { app: 'shop', seq, trigger: { kind: 'sweep' }, phase: 'done', outcome, requestedAt: at } as const;
  const lease = await leaseOf(api.store, seq);
  await api.store.conclude(lease, {
    operation: { ...operation, endedAt: at },
    waiting: [{ gate: 'deletion', since: at }],
  });
}

const LOST = { code: 'RefNotFound', message: 'gone', since: '2026-01-01T00:00:00.000Z', isLost: true } as const;

async function known(head: Pick<KnownHead, 'isChanged' | 'problem'>): Promise<void> {
  const over = (await api.store.application('shop'))?.head;
  await api.store.putHead('shop', { head: { revision: 'b'.repeat(40), since: LOST.since, ...head }, over });
}

/** A deployment fails. */
async function failed(): Promise<void> {
  const { seq } = await api.store.request('shop', { trigger: { kind: 'manual' } });
  const at = new Date(api.clock.now()).toISOString();
  const outcome = { status: 'failed', message: 'no' } as const;
  const operation = { app: 'shop', seq, trigger: { kind: 'manual' }, phase: 'done', outcome, requestedAt: at } as const;
  const failure = { seq, status: 'failed', message: 'no', since: at, at } as const;
  await api.store.conclude(await leaseOf(api.store, seq), { operation: { ...operation, endedAt: at }, failure });
}

const STORIES: Readonly<Record<string, () => Promise<unknown>>> = {
  'it is configured': async () => undefined,
  'its first operation is requested': () => api.store.request('shop', { trigger: { kind: 'config' } }),
  'it was deployed': () => operated('synced'),
  'it was deployed and scanned': () => operated('synced').then(() => scan()),
  'its operation was refused': () => operated('refused'),
  'its operation waits': () => operated('waiting', 'handover'),
  'it was rolled back': () => operated('rolledBack', 'rollback'),
  'its cluster cannot be reached': () =>
    operated('synced').then(() => scan({ status: 'Unknown', completedAt: undefined })),
  'deletions are under way': () => operated('synced').then(deleting),
  'it has drifted': () => operated('synced').then(() => drifted()),
  'it has drifted, and its scan has ended': () =>
    operated('synced')
      .then(() => drifted())
      .then(() => scan()),
  'its drift was corrected in the same second': () =>
    operated('synced')
      .then(() => scan())
      .then(() => drifted())
      .then(() => operated('synced', 'drift')),
  'its drift was corrected in part': () =>
    operated('synced')
      .then(() => drifted('report'))
      .then(() => operated('synced', 'drift')),
  'it was deployed after it had drifted': () =>
    operated('synced')
      .then(() => drifted('report'))
      .then(() => operated('synced', 'manual')),
  'a correction has failed': () =>
    operated('synced')
      .then(() => drifted())
      .then(() => operated('failed', 'drift')),
  'it has drifted again': () =>
    operated('synced')
      .then(() => operated('synced', 'drift'))
      .then(() => api.clock.advance(2 * SECONDS))
      .then(() => drifted()),
  'it is suspended': () => api.store.suspend('shop', { reason: 'incident', at: '2026-01-01T00:00:00.000Z' }),
  'it was suspended for a time': () =>
    api.store.suspend('shop', {
      reason: 'incident',
      at: '2026-01-01T00:00:00.000Z',
      until: '2026-01-01T00:00:00.000Z',
    }),
  'a commit is held': () =>
    api.store.hold('shop', [{ revision: 'b', reason: 'alarm', at: '2026-01-01T00:00:00.000Z' }]),
  'it is behind': () => operated('synced').then(() => known({ isChanged: true })),
  'it is behind, and was corrected': () =>
    operated('synced')
      .then(() => known({ isChanged: true }))
      .then(() => operated('synced', 'drift')),
  'it is behind, and a correction runs': () =>
    operated('synced')
      .then(() => known({ isChanged: true }))
      .then(() => api.store.request('shop', { trigger: { kind: 'drift' } })),
  'it is behind, and an operation runs': () =>
    operated('synced')
      .then(() => known({ isChanged: true }))
      .then(() => api.store.request('shop', { trigger: { kind: 'manual' } })),
  'it is behind before anything was deployed': () => known({ isChanged: true }),
  'it is at the head': () => operated('rolledBack', 'rollback').then(() => known({ isChanged: false })),
  'its source is lost': () => operated('synced').then(() => known({ isChanged: false, problem: LOST })),
  'its source is lost, and it is behind': () =>
    operated('synced').then(() => known({ isChanged: true, problem: LOST })),
  'its source is away for a moment': () =>
    operated('synced').then(() => known({ isChanged: false, problem: { ...LOST, isLost: undefined } as never })),
  'its source is lost before anything was deployed': () => known({ isChanged: true, problem: LOST }),
  'its source is lost, and an operation runs': () =>
    known({ isChanged: true, problem: LOST }).then(() => api.store.request('shop', { trigger: { kind: 'manual' } })),
  'it fails, and was corrected': () =>
    operated('synced')
      .then(failed)
      .then(() => operated('synced', 'drift')),
  'it fails, is behind, deletes and has drifted': () =>
    operated('synced')
      .then(failed)
      .then(() => known({ isChanged: true }))
      .then(deleting)
      .then(() => drifted()),
  'drift is not looked for': () => configure(api, 'shop', { drift: { mode: 'off' } }),
};

test.each(Object.keys(STORIES))('the list says the same as the view where %s', async (story) => {
  await configure(api);
  await STORIES[story]?.();
  const [inList, asView] = await listedAndViewed();
  expect(inList).toEqual(asView);
});

test('the list is by name, in pages of the wanted size, with the report on the configuration', async () => {
  for (const name of ['cart', 'zoo', 'blog', 'shop']) await api.store.putApplication(anApplication(name), 'hash');
  const names = ({ items }: ApplicationList) => items.map(({ name }) => name);
  const first = await list('?limit=3');
  expect([names(first), first.next]).toEqual([['blog', 'cart', 'shop'], 'shop']);
  expect(await list('?limit=3&after=shop')).toEqual({ items: [expect.objectContaining({ name: 'zoo' })] });
  expect(names(await list())).toEqual(['blog', 'cart', 'shop', 'zoo']);
  expect(await list('?after=zoo')).toEqual({ items: [] });
  expect(await api.get('/api/v1/applications?limit=0')).toMatchObject({ status: 400 });
  expect(await api.get('/api/v1/applications?page=2')).toMatchObject({ status: 400 });
});

test.each([
  ['usual names', 20, 1],
  ['the longest names', 63, 2],
])('ten thousand applications of %s are few pages, each of at most 4 MB', async (_which, length, pages) => {
  const long = (name: string) => name.padEnd(length, 'x');
  const common = {
    project: long('p'),
    destination: { cluster: long('c'), namespace: long('n') },
    mode: 'auto',
  } as const;
  const newest = { seq: 1, trigger: 'push', status: 'synced', endedAt: '2026-01-01T00:00:00.000Z' } as const;
  const flags = { held: 0, deleting: false, moved: false };
  const summaries = Array.from({ length: 10_000 }, (_, n) => {
    const name = long(`app-${String(n).padStart(5, '0')}`);
    return { ...common, ...flags, name, newest, revision: 'a'.repeat(12), health: 'Healthy' } as const;
  });
  const state = stateStoreOf({ summaries: async () => summaries, clusters: async () => [] });
  const read: ApplicationList[] = [];
  do read.push(await listPage({ after: read.at(-1)?.next, limit: 10_000 }, { state, clock: api.clock }));
  while (read.at(-1)?.next !== undefined);
  expect(read).toHaveLength(pages);
  expect(read.flatMap(({ items }) => items.map(({ name }) => name))).toEqual(summaries.map(({ name }) => name));
  for (const page of read) expect(JSON.stringify(page).length).toBeLessThan(4_100_000);
});
