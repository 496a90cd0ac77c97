// In: what is ignored of an object, and which of its fields others own. Out: the fields that no write must send, so that they stay as the others have them. A
// field that is ours alone is sent all the same: the server removes what nobody owns any more.
import { ITEM_KEYS, stepInto } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type Ignored, namesManager } from './rules.ts';

type Steps = readonly string[];

/** What one of the other managers owns. */
export type OwnedByOther = { readonly manager: string; readonly paths: readonly Steps[] };

/** Of what others own, that which is ignored. */
export function leftToOthers(live: KubeObject, ignored: Ignored, others: readonly OwnedByOther[]): readonly Steps[] {
  return others.flatMap(({ manager, paths }) => {
    const rules = ignored.managers.filter(({ names }) => namesManager(names, manager));
    const isAll = rules.some(({ fields }) => fields === undefined);
    const meant = [...ignored.fields, ...rules.flatMap(({ fields = [] }) => fields)];
    return paths.filter((path) => isAll || meant.some((rule) => covers(rule, path, live)));
  });
}

/** Whether a path lies at or below that of a rule, whose steps may name items by their place, or be `*`. */
function covers([step, ...rest]: Steps, [own, ...below]: Steps, value: unknown): boolean {
  if (step === undefined) return true;
  if (own === undefined) return false;
  if (!Array.isArray(value)) return (step === '*' || step === own) && covers(rest, below, stepInto(value, own));
  const place = value.findIndex((item) => ITEM_KEYS.some((key) => String(stepInto(item, key)) === own));
  return (step === '*' || step === own || step === String(place)) && covers(rest, below, value[place]);
}
