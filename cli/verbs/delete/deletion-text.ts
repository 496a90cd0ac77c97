// The text form of what a deletion of an application would do.
import { formatRef, type ObjectId } from '../../../lib/model/kube-object.ts';

/** An object, and the guards that keep it. */
export type ListedObject = ObjectId & { readonly keptBy: readonly string[] };

/** Signs are those of `plan`. */
export function formatDeletion(app: string, objects: readonly ListedObject[]): string {
  const lines = objects.map((object) =>
    object.keptBy.length === 0
      ? `- ${formatRef(object)}`
      : `! ${formatRef(object)} is kept (${object.keptBy.join(', ')})`,
  );
  const kept = objects.filter(({ keptBy }) => keptBy.length > 0).length;
  return [
    ...lines,
    `${objects.length - kept} would be deleted, ${kept} kept; nothing was deleted`,
    `to stop deploying, remove the document "kind: Application, metadata.name: ${app}" from the configuration; its objects stay in the cluster`,
  ].join('\n');
}
