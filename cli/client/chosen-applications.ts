// In: names, `--all` or `--selector`. Out: the names of the applications that a verb is about. May go wrong: none or several of the three,
// and labels that no application has, UsageInvalid.
import { DriftlessError } from '../../lib/errors.ts';
import type { ApplicationList } from '../../lib/queries/application-list.ts';
import type { Api } from './api-client.ts';
import { allPages } from './pages.ts';

export type Choice = { readonly all?: boolean; readonly selector?: string };

/** Requests that are under way at once. */
export const AT_ONCE = 4;

/** The chosen applications, by name; an unknown name is found out by its request. */
export async function chosenApplications(
  verb: string,
  names: readonly string[],
  { all = false, selector, api }: Choice & { readonly api: Api },
): Promise<readonly string[]> {
  const ways = [names.length > 0, all, selector !== undefined].filter(Boolean).length;
  if (ways !== 1)
    throw new DriftlessError('UsageInvalid', `${verb}: name applications, or write --all, or --selector; one of them`);
  // An empty selector selects everything, and is what a script has whose variable is not set.
  if (selector?.trim() === '')
    throw new DriftlessError(
      'UsageInvalid',
      `${verb}: --selector is empty; write labels, or --all for all applications`,
    );
  if (names.length > 0) return [...new Set(names)];
  const listed = await listedNames(selector, api);
  // A script would take a misspelled label for applications that are well.
  if (listed.length === 0 && selector !== undefined)
    throw new DriftlessError('UsageInvalid', `${verb}: no application has the labels "${selector}"`);
  return listed;
}

/** The names of all applications, or of those with some labels. */
export async function listedNames(selector: string | undefined, api: Api): Promise<readonly string[]> {
  const ask = (query: string): Promise<ApplicationList> => api.get(`/v1/applications${query}`);
  const { items } = await allPages<ApplicationList>(ask, selector === undefined ? {} : { selector });
  return items.map(({ name }) => name);
}
