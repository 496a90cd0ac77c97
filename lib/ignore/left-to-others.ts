// In: what is ignored of an object, and the fields of it that other managers own. Out: the fields that no write must send, so that they stay as the others have
// them. A field that is ours alone is sent all the same: the server removes a field that no manager owns.
import { ITEM_KEYS, stepInto } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type Ignored, namesManager } from './rules.ts';

type Steps = readonly string[];

/** The fields of one of the other managers. */
export type OwnedByOther = { readonly manager: string; readonly paths: readonly Steps[] };

/** The ignored fields that others own. */
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
