import { type Application, primarySource } from '../model/application.ts';
import type { ApplicationRecord, Origin } from '../model/application-record.ts';
import { repoKey } from '../model/repo-url.ts';
import { stableHash } from '../model/stable-hash.ts';
import { storedApplication } from '../model/stored-application.ts';
import type { PutResult } from '../ports/ownership.ts';
import { changeMeta, type Decision, readMeta, recordOf, type Store } from './application-item.ts';
import {
  applicationOf,
  applicationsIn,
  driftKey,
  keysIndexed,
  LISTED,
  metaKey,
  nameIn,
  partitionOf,
  repoPartition,
} from './dynamo/keys.ts';
import { currentVersion } from './dynamo/migrations.ts';
import type { Write } from './dynamo/transactions.ts';
import type { MetaChange } from './lists/list-items.ts';
import { placeOf, relocated } from './ownership/places.ts';
import { nothingWanted } from './ownership/wants.ts';
import { parseApplication } from './schema/application.ts';
import { type Meta, parseMeta } from './schema/records.ts';

export type Declared = { readonly app: Application; readonly specHash: string; readonly origin: Origin | undefined };

/** Creates or reconfigures an application; sequence, lease, inventory and history stay as they are. */
export function putApplication(store: Store, declared: Declared): Promise<PutResult> {
  return changeMeta(store, declared.app.name, (meta) => declaration(store, meta, declared));
}

/** What a declaration makes of the record that is there. */
export async function declaration(
  store: Store,
  meta: Meta | undefined,
  { app, specHash, origin }: Declared,
): Promise<Decision<PutResult>> {
  const indexed = { repo: repoKey(primarySource(app).repo), listing: LISTED };
  const spec = { app: JSON.stringify(storedApplication(app)), specHash, ...indexed };
  const declared = { ...spec, ...(origin === undefined && meta?.origin === undefined ? {} : { origin }) };
  if (meta === undefined) return { result: 'created', set: { ...declared, ...(await newApplication(store)) } };
  if (meta.app !== undefined && meta.specHash === specHash) return remarked(store, { stored: meta.app, app });
  const before = meta.formerProject === undefined ? {} : { formerProject: undefined };
  const isOthers = meta.app === undefined && (meta.formerProject ?? app.project) !== app.project;
  const others = { ...NOTHING_DEPLOYED, historyFrom: meta.desiredSeq };
  const moved = isOthers ? others : relocated(app.name, meta, app.destination);
  const wants = 'inventory' in moved && meta.wants ? nothingWanted(app.name, meta.wants) : { set: {}, writes: [] };
  const set = { ...declared, ...before, ...moved, ...wants.set, ...headOf(app, meta), specSeq: meta.desiredSeq };
  return { result: meta.app === undefined ? 'created' : 'configured', set, writes: wants.writes };
}

/** What is known of the head of another ref is forgotten. */
function headOf({ name, sources: [source] }: Application, { app, head }: Meta): MetaChange {
  if (head === undefined || app === undefined) return {};
  const [before] = parseApplication(name, app).sources;
  return before.repo === source.repo && before.ref === source.ref ? {} : { head: undefined };
}

/** Labels and annotations that differ are kept with the same specification, so that nothing is deployed for them. */
function remarked(
  { cache }: Store,
  { stored, app }: { readonly stored: string; readonly app: Application },
): Decision<PutResult> {
  const marks = ({ labels = {}, annotations = {} }: Application): string => stableHash({ labels, annotations });
  const isSame = marks(cache.application(app.name, stored)) === marks(app);
  return { result: 'unchanged', ...(!isSame && { set: { app: JSON.stringify(storedApplication(app)) } }) };
}

/** The numbers of an application that the table does not know. */
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
  origin: undefined,
  waiting: undefined,
  rendered: undefined,
  wants: undefined,
  head: undefined,
  failure: undefined,
} as const;

/**
 * What an application of another project had deployed under the same name: those objects stay in the cluster, as was said when it was removed, so the new one
 * neither prunes them nor goes back to them.
 */
const NOTHING_DEPLOYED = {
  inventory: undefined,
  place: undefined,
  moved: undefined,
  lastSync: undefined,
  health: undefined,
  previous: undefined,
  deployment: undefined,
  formerly: undefined,
} as const;

/** Takes an application out of all lists and deletes its specification, its suspension and its drift; does nothing where there is none. */
export function removeApplication(store: Store, name: string): Promise<void> {
  return changeMeta(store, name, (meta) => {
    return meta?.app === undefined ? { result: undefined } : { result: undefined, ...removal(name, meta) };
  });
}

/** The writes that take an application out of all lists. */
export function removal(name: string, meta: Meta): { readonly set: MetaChange; readonly writes: readonly Write[] } {
  const { app, inventory, wants } = meta;
  const wanted = wants === undefined ? [] : nothingWanted(name, wants).writes;
  // Its objects stay where they are, also where it is configured again with another destination.
  const place = inventory && placeOf(name, meta);
  const formerProject = app === undefined ? undefined : parseApplication(name, app).project;
  return {
    set: { ...FORGOTTEN, formerProject, ...(place && { place }) },
    writes: [{ Delete: { Key: { ...driftKey(name) } } }, ...wanted],
  };
}

/** One application with its state; undefined when it never was or was removed. */
export async function application(store: Store, name: string): Promise<ApplicationRecord | undefined> {
  const meta = await readMeta(store, name);
  return meta === undefined ? undefined : recordOf(store, name, meta);
}

/** Every application, or those of these names, by name. */
export async function applications(store: Store, names?: readonly string[]): Promise<readonly ApplicationRecord[]> {
  const listed = names === undefined ? await readListed(store) : recordsOf(store, await readMetas(store, names));
  return listed.map(({ record }) => record);
}

/** A record, with the META item that it was made from. */
type ListedRecord = { readonly name: string; readonly meta: Meta; readonly record: ApplicationRecord };

/** Every application. Of those that this process has read before, the version is read first: between two scans hardly any changes. */
export async function readListed(store: Store): Promise<readonly ListedRecord[]> {
  const names = await namesIn(store, 'byListing', LISTED);
  const unchanged = await unchangedMetas(store, names);
  const others = names.filter((name) => !unchanged.has(name));
  return recordsOf(store, [...unchanged, ...(await readMetas(store, others))]);
}

/** The applications of a repository, given as any address of it or as its normalized key. */
export async function applicationsOfRepo(store: Store, repo: string): Promise<readonly ApplicationRecord[]> {
  const key = repoKey(repo);
  const records = recordsOf(store, await readMetas(store, await namesOfRepo(store, key)));
  return records
    .map(({ record }) => record)
    .filter(({ app }) => app.sources.some((source) => repoKey(source.repo) === key));
}

/** Until every record has its index items, the index of the older version names those that have none. */
export async function namesOfRepo(store: Store, key: string): Promise<readonly string[]> {
  if (store.indexed.isKnown) return indexItems(store, key);
  const [isIndexed, names, older] = await Promise.all([
    store.indexed.read(),
    indexItems(store, key),
    namesIn(store, 'byRepo', key),
  ]);
  return isIndexed ? names : [...new Set([...names, ...older])];
}

async function indexItems({ table }: Store, key: string): Promise<readonly string[]> {
  const names = [];
  for await (const item of table.query(applicationsIn(repoPartition(key)))) names.push(applicationOf(item));
  return names;
}

async function namesIn({ table }: Store, index: 'byListing' | 'byRepo', value: string): Promise<readonly string[]> {
  const names = [];
  for await (const item of table.query(keysIndexed(index, value))) names.push(nameIn(item, partitionOf));
  return names;
}

type NamedMeta = readonly [string, Meta];

/** META of the applications that are unchanged since this process read them: each write raises the version. */
async function unchangedMetas({ table, cache }: Store, names: readonly string[]): Promise<ReadonlyMap<string, Meta>> {
  const seen = new Map(names.flatMap((name) => [[name, cache.meta(name)] as const]));
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
export async function readMetas(store: Store, names: readonly string[]): Promise<readonly NamedMeta[]> {
  const items = await store.table.getAll(names.map(metaKey));
  return items.flatMap((item) => {
    const name = nameIn(item, partitionOf);
    const meta = orSkipped(store, name, () => parseMeta(name, item));
    if (meta === undefined) return [];
    store.cache.putMeta(name, meta);
    return [[name, meta] as const];
  });
}

/** The names come from an index, which may lag behind; the record itself tells whether the application is still configured. */
function recordsOf(store: Store, metas: readonly NamedMeta[]): readonly ListedRecord[] {
  const records = metas.flatMap(([name, meta]) => {
    const record = orSkipped(store, name, () => recordOf(store, name, meta));
    return record === undefined ? [] : [{ name, meta, record }];
  });
  return records.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A record that cannot be read is logged and left out. */
function orSkipped<T>({ log }: Store, app: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    log?.error('skipped an application whose record cannot be read', { app, error: String(error) });
    return undefined;
  }
}
