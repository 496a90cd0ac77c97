import type { ObjectList } from '../../../lib/inspect/stored/stored-objects.ts';
import { type Api, openApi, pathOf } from '../../client/api-client.ts';
import { allPages } from '../../client/pages.ts';
import { EXIT, print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';
import { formatDeletion, type ListedObject } from './deletion-text.ts';

/** `delete APP`: what would go and what its guards keep. Nothing is deleted: the document in the configuration is what declares an application. */
export async function deleteApplication(app: string, options: RemoteOptions): Promise<number> {
  const objects = await objectsOf(app, openApi(options));
  print(options.output, { app, objects, deleted: false }, () => formatDeletion(app, objects));
  return EXIT.ok;
}

async function objectsOf(app: string, api: Api): Promise<readonly ListedObject[]> {
  const ask = (query: string): Promise<ObjectList> => api.get(`/v1${pathOf('applications', app, 'objects')}${query}`);
  const { items } = await allPages<ObjectList>(ask);
  // What is gone already is not deleted, and what the application did not deploy is not its own.
  const there = items.filter(({ sync }) => sync.difference !== 'missing' && sync.difference !== 'extra');
  return there.map(({ group, kind, namespace, name, guards }) => {
    const keptBy = guards.filter((guard) => guard === 'prune-disabled' || guard === 'protected');
    return { group, kind, ...(namespace !== undefined && { namespace }), name, keptBy };
  });
}
