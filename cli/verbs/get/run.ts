import { mapBounded } from '../../../lib/async/map-bounded.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { ObjectView } from '../../../lib/inspect/stored/object-view.ts';
import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { formatObjectNames, formatObjects } from '../../text/objects/objects-text.ts';
import { EXIT, print } from '../../text/output.ts';
import { listOf } from '../status/run.ts';

export type GetOptions = Partial<DeployerAddress> & {
  readonly selector?: string;
  readonly live?: boolean;
  readonly output: 'text' | 'wide' | 'name' | 'yaml' | 'json';
};

const LISTS_AT_ONCE = 4;

/** `get APP`: every object of an application, as it is recorded or, with `--live`, as it is now. */
export async function get(app: string | undefined, options: GetOptions): Promise<number> {
  const { output, live = false, selector } = options;
  if ((app === undefined) === (selector === undefined))
    throw new DriftlessError('UsageInvalid', 'get: write the name of an application, or --selector');
  const api = openApi(options);
  const apps = app === undefined ? (await listOf(api, selector)).items.map(({ name }) => name) : [app];
  const lists = await mapBounded(apps, LISTS_AT_ONCE, async (name) => ({
    app: name,
    ...(await objectsOf(name, api, live)),
  }));
  const format = output === 'wide' || output === 'name' ? 'text' : output;
  print(format, app === undefined ? lists : lists[0], () => formatLists(lists, output), { colours: output !== 'name' });
  return exitOf(lists.flatMap(({ items }) => items));
}

function formatLists(lists: readonly (ObjectList & { readonly app: string })[], output: GetOptions['output']): string {
  if (lists.length === 0) return 'no application has these labels';
  const look = { isWide: output === 'wide', now: Date.now() };
  return lists
    .map(({ app, ...list }) =>
      output === 'name' ? formatObjectNames(list.items) : formatObjects({ app, ...look }, list),
    )
    .join(output === 'name' ? '\n' : '\n\n');
}

/** All pages of the list. */
async function objectsOf(app: string, api: Api, live: boolean): Promise<ObjectList> {
  const items: ObjectView[] = [];
  const ask = (query: string): Promise<ObjectList> =>
    live
      ? api.live(`${pathOf('applications', app, 'objects')}${query}`)
      : api.get(`/v1${pathOf('applications', app, 'objects')}${query}`);
  for (let query = ''; ; ) {
    const { next, ...page } = await ask(query);
    items.push(...page.items);
    if (next === undefined) return { ...page, items };
    query = `?after=${encodeURIComponent(next)}`;
  }
}

/** The health of an object that was never deployed is not looked for. */
function exitOf(items: readonly ObjectView[]): number {
  const isUnknown = ({ sync, health }: ObjectView): boolean =>
    sync.status === 'Unknown' || (health.status === 'Unknown' && sync.difference !== 'extra');
  if (items.some(isUnknown)) return EXIT.error;
  const isWell = items.every(
    ({ sync, health }) => sync.status === 'Synced' && ['Healthy', 'Suspended', 'Progressing'].includes(health.status),
  );
  return isWell ? EXIT.ok : EXIT.differs;
}
