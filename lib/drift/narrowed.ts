// In: an application, and the objects of it that somebody has touched. Out: the application with these alone, for a look at them; and what was found, with the rest
// as it was known.
import { idKey } from '../model/kube-object.ts';
import type { Sorted } from './classify.ts';
import type { Subject } from './targets.ts';
import { type SeenApp, versionsKnown } from './unchanged-index.ts';

/** An application as if it had these objects only, by identity; not checked in full, whatever is due. */
export function narrowed(whole: Subject, touched: ReadonlySet<string>): Subject {
  return { ...whole, isFull: false, inventory: whole.inventory.filter((entry) => touched.has(idKey(entry))) };
}

/** What nobody has looked at stays as it was: objects that had drifted, and versions that were judged. */
export function withTheRest(sorted: Sorted, whole: Subject, seen: SeenApp | undefined): Sorted {
  const { record, previous, inventory } = whole;
  const looked = new Set(sorted.subject.inventory.map(idKey));
  const rest = new Set(inventory.map(idKey).filter((key) => !looked.has(key)));
  const stood = previous?.objects.filter(({ id, drift }) => {
    const key = idKey(id);
    return rest.has(key) || (drift === 'extra' && !looked.has(key));
  });
  const judged = Object.entries(versionsKnown(seen, record)).filter(([key]) => rest.has(key));
  return {
    ...sorted,
    standing: [...sorted.standing, ...(stood ?? [])],
    versions: { ...sorted.versions, ...Object.fromEntries(judged) },
  };
}
