// In: what is deployed. Out: where its rendering is kept, or that the operation is over since that very rendering was rolled back. May go wrong:
// what fetching and rendering say; a rendering that is stored needs neither.
import type { SourceInput } from '../../model/application-record.ts';
import { blockedByRendering } from '../../policy/gates.ts';
import type { Run, StageEnd } from '../operation/run.ts';
import { barredEnd, type Early, type Source } from '../resolve/source.ts';
import { fetchSource } from './fetch-source.ts';
import { heldRendering } from './held-rendering.ts';
import { renderKey, renderSource } from './render-source.ts';

/** Where the rendering is kept, and what it was made from. */
export type Rendered = {
  readonly over?: undefined;
  readonly renderedKey: string;
  readonly inputs: readonly SourceInput[];
  readonly objects: number;
};

/** Takes the stored rendering, or fetches the files that the application is made from and renders them; the same inputs are not rendered twice. */
export async function renderStage(run: Run, source: Source): Promise<StageEnd<Rendered | { readonly over: Early }>> {
  const rendered = await run.stage('render', 'render', async () => {
    return (await stored(run, source)) ?? (await fetchAndRender(run, source));
  });
  if (!rendered.ended && !rendered.over) run.note({ renderedKey: rendered.renderedKey });
  return rendered;
}

/** Where the store has lost the rendering, the same commit is rendered anew. */
async function stored(run: Run, source: Source): Promise<Rendered | undefined> {
  if (source.stored === undefined) return undefined;
  const manifests = await run.manifests.find(source.stored.renderedKey);
  if (manifests !== undefined) return { ...source.stored, objects: manifests.length };
  run.log.warn('lost a rendering, made anew from Git', { revision: source.revision });
  return undefined;
}

async function fetchAndRender(run: Run, { revision, repair }: Source): Promise<Rendered | { readonly over: Early }> {
  const { app } = await run.application();
  const snapshot = await run.ports.git.open(app.source.repo, revision);
  const { files, inputs } = await fetchSource(app, snapshot);
  const capabilities = await (await run.ports.clusters.open(app.destination.cluster)).capabilities();
  const renderedKey = `rendered/${renderKey({ app, inputs, capabilities, toolVersions: run.ports.toolVersions })}`;
  const known = await run.manifests.find(renderedKey);
  const manifests = known ?? (await renderSource({ app, files, capabilities }, run.ports));
  if (known === undefined) await run.manifests.put(renderedKey, manifests);
  const hold = repair === undefined ? await heldRendering(run, manifests) : undefined;
  if (hold !== undefined) return { over: barredEnd(blockedByRendering(app.name, hold, revision)) };
  return { renderedKey, inputs, objects: manifests.length };
}
