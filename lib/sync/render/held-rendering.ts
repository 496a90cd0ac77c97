// In: the rendering of a commit. Out: the held commit with the same rendering. In a repository of many applications the next commit most often
// changes another application; deploying it would deploy again what was rolled back.
import { isDeepStrictEqual } from 'node:util';
import type { HeldRevision } from '../../model/application-record.ts';
import type { Manifest } from '../../model/change-set.ts';
import { releasesHeld } from '../../policy/gates.ts';
import type { Run } from '../operation/run.ts';

/** How many operations of the history are searched for the rendering of a held commit. */
const HISTORY = 100;

/** The held commit with the same objects, whichever files they came from; a manual sync that releases them deploys held commits too. */
export async function heldRendering(run: Run, manifests: readonly Manifest[]): Promise<HeldRevision | undefined> {
  const { app, held = [] } = await run.application();
  const { trigger } = await run.record.read();
  if (held.length === 0 || releasesHeld(trigger)) return undefined;
  const history = await run.ports.state.operations(app.name, HISTORY);
  for (const one of held) {
    const key = history.find(({ revision, renderedKey }) => revision === one.revision && renderedKey)?.renderedKey;
    const rolledBack = key && (await run.manifests.find(key));
    if (rolledBack && isDeepStrictEqual(objectsOf(rolledBack), objectsOf(manifests))) return one;
  }
  return undefined;
}

function objectsOf(manifests: readonly Manifest[]): readonly unknown[] {
  return manifests.map(({ object }) => object);
}
