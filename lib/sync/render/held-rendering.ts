// In: what a commit is rendered to. Out: the held commit that is the same. In a repository of many applications the next commit is most often another
// one's, and what was rolled back would be back with it.
import { isDeepStrictEqual } from 'node:util';
import type { HeldRevision } from '../../model/application-record.ts';
import type { Manifest } from '../../model/change-set.ts';
import type { Run } from '../operation/run.ts';

/** Operations in which the rendering of a held commit is looked for. */
const LOOK_BACK = 100;

/** The held commit whose objects these are, whatever files they came from; a person's own sync is asked nothing. */
export async function heldRendering(run: Run, manifests: readonly Manifest[]): Promise<HeldRevision | undefined> {
  const { app, held = [] } = await run.application();
  const { trigger } = await run.operation();
  if (held.length === 0 || trigger.kind === 'manual') return undefined;
  const history = await run.ports.state.operations(app.name, LOOK_BACK);
  for (const hold of held) {
    const key = history.find(({ revision, renderedKey }) => revision === hold.revision && renderedKey)?.renderedKey;
    const rolledBack = key && (await run.manifests.find(key));
    if (rolledBack && isDeepStrictEqual(objectsOf(rolledBack), objectsOf(manifests))) return hold;
  }
  return undefined;
}

function objectsOf(manifests: readonly Manifest[]): readonly unknown[] {
  return manifests.map(({ object }) => object);
}
