import type { Application } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import { changeMeta, readMeta, recordOf, type Store } from './meta.ts';
import { parseMeta } from './records.ts';
import { LISTED, metaKey, partitionOf, TABLE } from './table.ts';

/** Creates or reconfigures an application; sequence, lease, inventory and history stay as they are. */
export function putApplication(
  store: Store,
  app: Application,
  specHash: string,
): Promise<'created' | 'configured' | 'unchanged'> {
  const spec = { app: JSON.stringify(app), specHash, repo: repoKey(app.source.repo), listing: LISTED };
  return changeMeta(store, app.name, (meta) => {
    if (meta === undefined) {
      return {
        result: 'created',
        set: { schemaVersion: 1, desiredSeq: 0, fence: 0, openFrom: 1, ...spec, specSeq: 0 },
      };
    }
    if (meta.app !== undefined && meta.specHash === specHash) return { result: 'unchanged' };
    const set = { ...spec, specSeq: meta.desiredSeq };
    return { result: meta.app === undefined ? 'created' : 'configured', set };
  });
}

/** Takes an application out of both indexes and forgets its specification; does nothing where there is none. */
export function removeApplication(store: Store, name: string): Promise<void> {
  const nothing = { app: undefined, specHash: undefined, specSeq: undefined, repo: undefined, listing: undefined };
  return changeMeta(store, name, (meta) => ({
    result: undefined,
    ...(meta?.app === undefined ? {} : { set: nothing }),
  }));
}

/** One application with its state; undefined when it never was or was removed. */
export async function application(store: Store, name: string): Promise<ApplicationRecord | undefined> {
  const meta = await readMeta(store, name);
  return meta === undefined ? undefined : recordOf(name, meta);
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
  { table, recent, log }: Store,
  index: 'byListing' | 'byRepo',
  value: string,
): Promise<readonly ApplicationRecord[]> {
  const attribute = index === 'byRepo' ? 'repo' : 'listing';
  const keys = [];
  const query = {
    IndexName: index,
    KeyConditionExpression: '#value = :value',
    ExpressionAttributeNames: { '#value': attribute },
    ExpressionAttributeValues: { ':value': value },
  };
  for await (const { pk } of table.query(query)) keys.push(metaKey(String(pk).slice(partitionOf('').length)));
  const records = [];
  for (const item of await table.getAll(keys)) {
    if (item[attribute] !== value) continue;
    const name = String(item[TABLE.partitionKey]).slice(partitionOf('').length);
    try {
      const meta = parseMeta(name, item);
      recent.put(name, meta);
      records.push(recordOf(name, meta));
    } catch (error) {
      log?.error('skipped an application whose record cannot be read', { app: name, error: String(error) });
    }
  }
  return records.filter((record) => record !== undefined).toSorted((a, b) => (a.app.name < b.app.name ? -1 : 1));
}

function repoKey(repo: string): string {
  return normalizeRepoUrl(repo) ?? repo.toLowerCase();
}
