// Server-side apply removes a field only if we own it, and no manager owns what the server has completed: the default `rollingUpdate` of a Deployment stays when Git
// asks for `Recreate`, and makes it invalid. Such defaults are owned first, then removed by the apply. Pure.
import { joinField, parseFieldPath } from '../model/field-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { type FieldSet, isEmpty, toFieldSet, union, valuesAt } from './field-set.ts';
import { FIELD_MANAGER, isOurs } from './owners.ts';

export type UnownedDefaults = {
  /** As managed fields write them. */
  readonly fields: FieldSet;
  readonly paths: readonly string[];
};

type Views = {
  readonly live: unknown;
  /** The manifest as the server would complete it for a new object. */
  readonly asNew: unknown;
  /** Fields of all managers. */
  readonly owned: FieldSet;
  readonly path: string;
};

/** The defaults beside a refused field that no manager owns, and that a new object would not have. */
export function unownedDefaults(
  refused: readonly string[],
  { live, asNew }: { readonly live: KubeObject; readonly asNew: KubeObject },
): UnownedDefaults {
  const owned = (live.metadata.managedFields ?? []).reduce<FieldSet>(
    (all, { fieldsV1 = {} }) => union(all, fieldsV1),
    {},
  );
  const found = refused.map((field) => {
    const steps = parseFieldPath(field) ?? [];
    // What identifies an object, and what it is in, is no default.
    if (steps.length < 2 || steps[0] !== 'spec') return NONE;
    return unownedAt(steps.slice(0, -1), { live, asNew, owned, path: '' });
  });
  return {
    fields: found.reduce<FieldSet>((all, { fields }) => union(all, fields), {}),
    paths: [...new Set(found.flatMap(({ paths }) => paths))],
  };
}

const NONE: UnownedDefaults = { fields: {}, paths: [] };

function unownedAt([step, ...rest]: readonly string[], views: Views): UnownedDefaults {
  if (step === undefined) return unownedIn(views);
  if (!Array.isArray(views.live)) return below(`f:${step}`, joinField(views.path, step), rest, views);
  // The place in the list is that of the merged object; items are told apart by their names.
  const names = views.live.flatMap((item) => toFieldSet(item)['name'] ?? []);
  const found = names.map((name) =>
    below(`k:${JSON.stringify({ name })}`, `${views.path}[${String(name)}]`, rest, views),
  );
  return {
    fields: found.reduce<FieldSet>((all, { fields }) => union(all, fields), {}),
    paths: found.flatMap(({ paths }) => paths),
  };
}

function below(key: string, path: string, rest: readonly string[], { live, asNew, owned }: Views): UnownedDefaults {
  const [inner] = valuesAt(live, key);
  if (inner === undefined) return NONE;
  const found = unownedAt(rest, { live: inner, asNew: valuesAt(asNew, key)[0], owned: toFieldSet(owned[key]), path });
  return isEmpty(found.fields) ? NONE : { fields: { [key]: found.fields }, paths: found.paths };
}

function unownedIn({ live, asNew, owned, path }: Views): UnownedDefaults {
  const fields = Object.keys(toFieldSet(live)).filter(
    (field) => owned[`f:${field}`] === undefined && toFieldSet(asNew)[field] === undefined,
  );
  return {
    fields: Object.fromEntries(fields.map((field) => [`f:${field}`, {}])),
    paths: fields.map((field) => joinField(path, field)),
  };
}

/** Managed fields in which we own these fields too. */
export function ownedAlso(
  entries: readonly ManagedFieldsEntry[],
  fields: FieldSet,
  apiVersion: string,
): readonly ManagedFieldsEntry[] {
  const own = entries.find(isOurs);
  const fieldsV1 = union(toFieldSet(own?.fieldsV1), fields);
  const rest = entries.filter((entry) => entry !== own);
  return [...rest, { manager: FIELD_MANAGER, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }];
}
