import { type Application, primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { repoKey } from '../model/repo-url.ts';
import { storedApplication } from '../model/stored-application.ts';
import { changeMeta, readMeta, recordOf, type Store } from './application-item.ts';
import { driftKey, keysIndexed, LISTED, metaKey, nameIn, partitionOf } from './dynamo/keys.ts';
import { currentVersion } from './dynamo/migrations.ts';
import { type Meta, parseMeta } from './schema/records.ts';

/** Creates or reconfigures an application; sequence, lease, inventory and history stay as they are. */
export function putApplication(
  store: Store,
  app: Application,
  specHash: string,
): Promise<'created' | 'configured' | 'unchanged'> {
  const spec = {
    app: JSON.stringify(storedApplication(app)),
    specHash,
    repo: repoKey(primarySource(app).repo),
    listing: LISTED,
  };
  return changeMeta(store, app.name, async (meta) => {
    if (meta === undefined) return { result: 'created', set: { ...spec, ...(await newApplication(store)) } };
    if (meta.app !== undefined && meta.specHash === specHash) return { result: 'unchanged' };
    const set = { ...spec, specSeq: meta.desiredSeq };
    return { result: meta.app === undefined ? 'created' : 'configured', set };
  });
}

/** The numbers of an application of which nothing is known. */
async function newApplication({ lastSequence }: Store) {
  const after = await lastSequence();
  const schemaVersion = currentVersion('application');
  const numbers = { schemaVersion, desiredSeq: after, fence: 0, openFrom: after + 1, specSeq: after };
  return after === 0 ? numbers : { ...numbers, settled: { seq: after } };
}

const FORGOTTEN = {
  app: undefined,
  specHash: undefined,
  specSeq: undefined,
  repo: undefined,
  listing: undefined,
  suspended: undefined,
  held: undefined,
} as const;

/** Takes an application out of both indexes and forgets its specification, what was said about it, and its drift; does nothing where there is none. */
export function removeApplication(store: Store, name: string): Promise<void> {
  return changeMeta(store, name, (meta) => {
    if (meta?.app === undefined) return { result: undefined };
    return { result: undefined, set: FORGOTTEN, writes: [{ Delete: { Key: { ...driftKey(name) } } }] };
  });
}

/** One application with its state; undefined when it never was or was removed. */
export async function application(store: Store, name: string): Promise<ApplicationRecord | undefined> {
  const meta = await readMeta(store, name);
  return meta === undefined ? undefined : recordOf(store, name, meta);
}

/** Every application. Of those that this process has read before, the version is asked for first: between two scans hardly any changes. */
export async function applications(store: Store): Promise<readonly ApplicationRecord[]> {
  const names = await namesIn(store, 'byListing', LISTED);
  const unchanged = await unchangedMetas(store, names);
  const others = names.filter((name) => !unchanged.has(name));
  const metas = [...unchanged, ...(await readMetas(store, others))];
  return recordsOf(store, metas, ({ listing }) => listing === LISTED);
}

/** The applications of a repository, given as any address of it or as its normalized key. */
export async function applicationsOfRepo(store: Store, repo: string): Promise<readonly ApplicationRecord[]> {
  const key = repoKey(repo);
  const metas = await readMetas(store, await namesIn(store, 'byRepo', key));
  return recordsOf(store, metas, (meta) => meta.repo === key);
}

async function namesIn({ table }: Store, index: 'byListing' | 'byRepo', value: string): Promise<readonly string[]> {
  const names = [];
  for await (const item of table.query(keysIndexed(index, value))) names.push(nameIn(item, partitionOf));
  return names;
}

type NamedMeta = readonly [string, Meta];

/** META of those applications that nobody has written to since this process read them: each write raises the version. */
async function unchangedMetas({ table, recent }: Store, names: readonly string[]): Promise<ReadonlyMap<string, Meta>> {
  const seen = new Map(names.flatMap((name) => [[name, recent.seen(name)] as const]));
  const keys = names.filter((name) => seen.get(name) !== undefined).map(metaKey);
  const unchanged = new Map<string, Meta>();
  for (const item of await table.getAll(keys, ['version'])) {
    const name = nameIn(item, partitionOf);
    const meta = seen.get(name);
    if (meta !== undefined && meta.version === item['version']) unchanged.set(name, meta);
  }
  return unchanged;
}

/** META of applications; one that cannot be read is left out. */
async function readMetas(store: Store, names: readonly string[]): Promise<readonly NamedMeta[]> {
  const items = await store.table.getAll(names.map(metaKey));
  return items.flatMap((item) => {
    const name = nameIn(item, partitionOf);
    const meta = orSkipped(store, name, () => parseMeta(name, item));
    if (meta === undefined) return [];
    store.recent.put(name, meta);
    return [[name, meta] as const];
  });
}

/** Names come from an index, which may lag behind: whether a record still belongs there, it says itself. */
function recordsOf(
  store: Store,
  metas: readonly NamedMeta[],
  belongs: (meta: Meta) => boolean,
): readonly ApplicationRecord[] {
  const records = metas
    .filter(([, meta]) => belongs(meta))
    .flatMap(([name, meta]) => orSkipped(store, name, () => recordOf(store, name, meta)) ?? []);
  return records.toSorted((a, b) => (a.app.name < b.app.name ? -1 : 1));
}

/** One record that cannot be read does not keep the others from being read. */
function orSkipped<T>({ log }: Store, app: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    log?.error('skipped an application whose record cannot be read', { app, error: String(error) });
    return undefined;
  }
}
