import { mapBounded } from '../../../lib/async/map-bounded.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { ObjectView } from '../../../lib/inspect/stored/object-view.ts';
import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import { AT_ONCE, listedNames } from '../../client/chosen-applications.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { allPages } from '../../client/pages.ts';
import { exitCodeOf, healthSeen, type Seen } from '../../exit-code.ts';
import { formatObjectNames, formatObjects } from '../../text/objects/objects-text.ts';
import { print } from '../../text/output.ts';

export type GetOptions = Partial<DeployerAddress> & {
  readonly selector?: string;
  readonly live?: boolean;
  readonly output: 'text' | 'wide' | 'name' | 'yaml' | 'json';
};

/** `get APP`: every object of an application, as it is recorded or, with `--live`, as it is now. */
export async function get(app: string | undefined, options: GetOptions): Promise<number> {
  const { output, live = false, selector } = options;
  if ((app === undefined) === (selector === undefined))
    throw new DriftlessError('UsageInvalid', 'get: write the name of an application, or --selector');
  const api = openApi(options);
  const apps = app === undefined ? await listedNames(selector, api) : [app];
  const lists = await mapBounded(apps, AT_ONCE, async (name) => ({
    app: name,
    ...(await objectsOf(name, api, live)),
  }));
  const format = output === 'wide' || output === 'name' ? 'text' : output;
  print(format, app === undefined ? lists : lists[0], () => formatLists(lists, output), { colours: output !== 'name' });
  return exitCodeOf(lists.flatMap(({ items }) => items).flatMap(seenIn));
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

async function objectsOf(app: string, api: Api, live: boolean): Promise<ObjectList> {
  const path = pathOf('applications', app, 'objects');
  return allPages<ObjectList>((query) => (live ? api.live(`${path}${query}`) : api.get(`/v1${path}${query}`)));
}

/** The health of an object that was never deployed is not looked for. */
function seenIn({ sync, health }: ObjectView): readonly Seen[] {
  const isNeverDeployed = sync.difference === 'extra' && health.status === 'Unknown';
  const inSync = sync.status === 'Synced' ? 'well' : sync.status === 'Unknown' ? 'unknown' : 'notWell';
  return [inSync, isNeverDeployed ? 'notWell' : healthSeen(health.status)];
}
