// In: an application, and a commit of its repository. Out: the identities of the objects that the commit holds for it. The rendering is stored under the key that
// the application's own operation finds it by. May throw what fetching and rendering throw.
import type { Application } from '../../model/application.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { ObjectId } from '../../model/kube-object.ts';
import { prepareDesired } from '../../plan/desired.ts';
import type { Run } from '../operation/run.ts';
import { fetchSource } from '../render/fetch-source.ts';
import { renderingKey } from '../render/render-key.ts';
import { renderSource } from '../render/render-source.ts';

/** What an application holds at a commit. */
export async function desiredAt(run: Run, app: Application, revision: string): Promise<readonly ObjectId[]> {
  const { toolVersions } = run.ports;
  const snapshot = await run.snapshot({ app }, revision);
  const { files, inputs } = await fetchSource(app, snapshot);
  const cluster = await run.cluster();
  const capabilities = await cluster.capabilities();
  const { key, random } = renderingKey({ app, files, inputs, capabilities, toolVersions });
  const stored = await run.manifests.find(key);
  const manifests = stored ?? (await renderSource({ app, files, capabilities }, { renderer: run.ports.renderer }));
  // Random values are for the application's own operation to choose.
  if (stored === undefined && !random) await run.manifests.put(key, manifests);
  const served = new Map<string, ServedKind | undefined>();
  for (const { object } of manifests) {
    const name = `${object.apiVersion}/${object.kind}`;
    if (!served.has(name)) served.set(name, await cluster.kind(object.apiVersion, object.kind));
  }
  const placement = { app: app.name, namespace: app.destination.namespace };
  return prepareDesired(manifests, placement, (apiVersion, kind) => served.get(`${apiVersion}/${kind}`)).desired.map(
    ({ id }) => id,
  );
}
