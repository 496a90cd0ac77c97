import type { SourceInput } from '../model/application-record.ts';
import { fetchSource } from './fetch-source.ts';
import { renderKey, renderSource } from './render-source.ts';
import type { Run, StageEnd } from './run.ts';

/** Where the rendering is kept, and what it was made from. */
export type Rendered = {
  readonly renderedKey: string;
  readonly inputs: readonly SourceInput[];
  readonly objects: number;
};

/** Fetches the files that the application is made from and renders them; a rendering of the same inputs is not made twice. */
export async function renderStage(run: Run, { revision }: { readonly revision: string }): Promise<StageEnd<Rendered>> {
  return run.stage('render', 'render', async () => {
    const { app } = await run.application();
    const snapshot = await run.ports.git.open(app.source.repo, revision);
    const { files, inputs } = await fetchSource(app, snapshot);
    const capabilities = await (await run.ports.clusters.open(app.destination.cluster)).capabilities();
    const key = `rendered/${renderKey({ app, inputs, capabilities, toolVersions: run.ports.toolVersions })}`;
    const known = await run.manifests.find(key);
    const manifests = known ?? (await renderSource({ app, files, capabilities }, run.ports));
    if (known === undefined) await run.manifests.put(key, manifests);
    return { renderedKey: key, inputs, objects: manifests.length };
  });
}
