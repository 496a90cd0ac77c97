import type { ObjectView } from '../../../lib/inspect/stored/object-view.ts';
import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { formatObjectNames, formatObjects } from '../../text/objects-text.ts';
import { EXIT, print } from '../../text/output.ts';

export type GetOptions = Partial<DeployerAddress> & {
  readonly live?: boolean;
  readonly output: 'text' | 'wide' | 'name' | 'yaml' | 'json';
};

/** `get APP`: every object of an application, as it is recorded or, with `--live`, as it is now. */
export async function get(app: string, options: GetOptions): Promise<number> {
  const { output, live = false } = options;
  const list = await objectsOf(app, openApi(options), live);
  const format = output === 'wide' || output === 'name' ? 'text' : output;
  const text = (): string =>
    output === 'name'
      ? formatObjectNames(list.items)
      : formatObjects({ app, isWide: output === 'wide', now: Date.now() }, list);
  print(format, list, text, { colours: output !== 'name' });
  return exitOf(list.items);
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

function exitOf(items: readonly ObjectView[]): number {
  if (items.some(({ sync, health }) => sync.status === 'Unknown' || health.status === 'Unknown')) return EXIT.error;
  const isWell = items.every(
    ({ sync, health }) => sync.status === 'Synced' && ['Healthy', 'Suspended', 'Progressing'].includes(health.status),
  );
  return isWell ? EXIT.ok : EXIT.differs;
}
