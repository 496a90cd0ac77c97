// In: what is deployed. Out: the key of its stored rendering; or the end of an operation whose rendering is that of a held commit. May throw what
// fetching and rendering throw; a rendering that is stored needs neither.
import { asDriftlessError } from '../../errors.ts';
import type { Rendered, SourceInput } from '../../model/application-record.ts';
import { blockedByRendering } from '../../policy/gates.ts';
import { blocked, type EarlyOutcome, earlyFinish } from '../finish/finish.ts';
import { releaseWithoutPath } from '../handover/release-held.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';
import { earlierRendering } from './earlier-rendering.ts';
import { fetchSource } from './fetch-source.ts';
import { heldRendering } from './held-rendering.ts';
import { renderingKey } from './render-key.ts';
import { renderSource } from './render-source.ts';

/** The key of a stored rendering, and what it was rendered from. */
type Rendering = {
  readonly over?: undefined;
  readonly renderedKey: string;
  readonly inputs: readonly SourceInput[];
  readonly objects: number;
};

export type RenderedSource = { readonly source: ResolvedSource; readonly rendering: Rendering };

/** The commit that an operation has rendered as the newest one; undefined for one that deploys an earlier rendering. */
export function renderedCommit({ source, rendering }: RenderedSource): Rendered | undefined {
  if (source.repair !== undefined) return undefined;
  return { revision: source.revision, specHash: source.specHash, inputs: rendering.inputs };
}

/** The result of the step `render`. */
type RenderStep = Rendering | { readonly over: EarlyOutcome };

/** Finds the stored rendering, or fetches the application's files and renders them; the same inputs are not rendered twice. */
export async function renderStage(run: Run, source: ResolvedSource): Promise<StageResult<RenderedSource>> {
  const rendered = await withoutPath(run, source, () =>
    run.stage<RenderStep>('render', 'render', async () => {
      return (await storedRendering(run, source)) ?? (await fetchAndRender(run, source));
    }),
  );
  if (rendered.status === 'finished') return rendered;
  const { value } = rendered;
  if (value.over !== undefined) return finished(earlyFinish(value.over, source.revision));
  run.record.add({ renderedKey: value.renderedKey });
  return done({ source, rendering: value });
}

/** Fails as the work does. Where the commit no longer has the application's path, other applications may hold what was in it. */
async function withoutPath<T>(run: Run, source: ResolvedSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code !== 'PathNotFound' || source.repair !== undefined) throw thrown;
    throw await releaseWithoutPath(run, source, error);
  }
}

/** Returns undefined where the store no longer has the rendering; the same commit is rendered again. */
async function storedRendering(run: Run, source: ResolvedSource): Promise<Rendering | undefined> {
  if (source.stored === undefined) return undefined;
  const manifests = await run.manifests.find(source.stored.renderedKey);
  if (manifests !== undefined) return { ...source.stored, objects: manifests.length };
  run.log.warn('stored rendering is missing, rendering again from Git', { revision: source.revision });
  return undefined;
}

async function fetchAndRender(run: Run, { revision, repair }: ResolvedSource): Promise<RenderStep> {
  const { app } = await run.application();
  const snapshot = await run.snapshot({ app }, revision);
  const { files, inputs } = await fetchSource(app, snapshot);
  const capabilities = await (await run.cluster()).capabilities();
  const parts = { app, files, inputs, capabilities, toolVersions: run.ports.toolVersions };
  const { key: renderedKey, random } = renderingKey(parts);
  const warn = (warning: string): void => run.log.warn('chart renders a duplicate key', { revision, warning });
  const found = await run.manifests.find(renderedKey);
  const stored = found ?? (random ? await earlierRendering(run, { ...parts, renderedKey }) : undefined);
  const manifests =
    stored ?? (await renderSource({ app, files, capabilities }, { renderer: run.ports.renderer, warn }));
  if (found === undefined) await run.manifests.put(renderedKey, manifests);
  const held = repair === undefined ? await heldRendering(run, manifests) : undefined;
  if (held !== undefined) return { over: blocked(blockedByRendering(app.name, held, revision)) };
  return { renderedKey, inputs, objects: manifests.length };
}
