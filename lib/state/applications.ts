import type { Application } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import { changeMeta, readMeta, recordOf, type Store } from './meta.ts';
import { currentVersion } from './migrations.ts';
import { parseMeta } from './records.ts';
import { driftKey, INDEXED, keysIndexed, LISTED, metaKey, nameIn, partitionOf } from './table.ts';

/** Creates or reconfigures an application; sequence, lease, inventory and history stay as they are. */
export function putApplication(
  store: Store,
  app: Application,
  specHash: string,
): Promise<'created' | 'configured' | 'unchanged'> {
  const spec = { app: JSON.stringify(app), specHash, repo: repoKey(app.source.repo), listing: LISTED };
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

/** Every application. */
export function applications(store: Store): Promise<readonly ApplicationRecord[]> {
  return indexed(store, 'byListing', LISTED);
}

/** The applications of a repository, given as any address of it or as its normalized key. */
export function applicationsOfRepo(store: Store, repo: string): Promise<readonly ApplicationRecord[]> {
  return indexed(store, 'byRepo', repoKey(repo));
}

/** Names come from an index, which may lag behind; the records themselves, and whether they still belong there, from the table. */
async function indexed(
  store: Store,
  index: 'byListing' | 'byRepo',
  value: string,
): Promise<readonly ApplicationRecord[]> {
  const { table, recent, log } = store;
  const keys = [];
  for await (const item of table.query(keysIndexed(index, value))) keys.push(metaKey(nameIn(item, partitionOf)));
  const records = [];
  for (const item of await table.getAll(keys)) {
    if (item[INDEXED[index]] !== value) continue;
    const name = nameIn(item, partitionOf);
    try {
      const meta = parseMeta(name, item);
      recent.put(name, meta);
      records.push(recordOf(store, name, meta));
    } catch (error) {
      log?.error('skipped an application whose record cannot be read', { app: name, error: String(error) });
    }
  }
  return records.filter((record) => record !== undefined).toSorted((a, b) => (a.app.name < b.app.name ? -1 : 1));
}

function repoKey(repo: string): string {
  return normalizeRepoUrl(repo) ?? repo.toLowerCase();
}
