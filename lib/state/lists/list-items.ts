// In: META before and after a write. Out: the writes that keep an application's index items and its summary in step with it, in the same transaction.
// META's attribute `indexed` is the version that they were last written with: where another version of the program has written META since, all of them are
// written again.
import { repoKey } from '../../model/repo-url.ts';
import type { StoreCache } from '../cache.ts';
import { repoItemKey } from '../dynamo/keys.ts';
import type { Write } from '../dynamo/transactions.ts';
import type { Meta } from '../schema/records.ts';
import { changesIn, specPart, statePart, summaryDelete, summaryWrites } from './summary.ts';

/** New values of META's attributes; undefined removes one. */
export type MetaChange = { readonly [K in keyof Meta]?: Meta[K] | undefined };

type Listed = {
  /** The change of META, with what it has to know of its index items. */
  readonly set: MetaChange;
  readonly items: readonly Write[];
};

type Named = { readonly name: string; readonly before: Meta | undefined; readonly set: MetaChange };

/** Whether index items and summary are as this version of the program writes them. */
export function isIndexed({ indexed, version }: Meta): boolean {
  return indexed === version;
}

/** A change of META, and the items that follow from it. */
export function listed(cache: StoreCache, { name, before, set }: Named): Listed {
  const stored = 'app' in set ? set.app : before?.app;
  if (stored === undefined) return unlisted({ name, before, set });
  const indexed = (before?.version ?? 0) + 1;
  const known = before !== undefined && isIndexed(before) ? before : undefined;
  const { health, ...others } = statePart({ ...before, ...set });
  // A scan may have written another health since, which what does not look at the health leaves as it is.
  const state = known === undefined || 'health' in set ? { ...others, health } : others;
  if (known?.app === stored) {
    const { health: _, ...former } = statePart(known);
    return { set: { ...set, indexed }, items: summaryWrites(name, changesIn(former, state)) };
  }
  const app = cache.application(name, stored);
  const repos = [...new Set(app.sources.map(({ repo }) => repoKey(repo)))];
  const summary = summaryWrites(name, { off: undefined, ...specPart(app), ...state });
  const items = [...put(name, repos, known?.repos), ...remove(name, before?.repos, repos), ...summary];
  return { set: { ...set, indexed, repos }, items };
}

/** An application that was removed is in no list. */
function unlisted({ name, before, set }: Named): Listed {
  if (before?.app === undefined && before?.repos === undefined) return { set, items: [] };
  return {
    set: { ...set, indexed: undefined, repos: undefined },
    items: [...remove(name, before.repos), summaryDelete(name)],
  };
}

function put(name: string, repos: readonly string[], present: readonly string[] = []): readonly Write[] {
  return repos
    .filter((repo) => !present.includes(repo))
    .map((repo) => ({ Put: { Item: { ...repoItemKey(repo, name) } } }));
}

function remove(name: string, repos: readonly string[] = [], remaining: readonly string[] = []): readonly Write[] {
  return repos
    .filter((repo) => !remaining.includes(repo))
    .map((repo) => ({ Delete: { Key: { ...repoItemKey(repo, name) } } }));
}
