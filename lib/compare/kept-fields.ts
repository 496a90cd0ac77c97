// In: an object as it would be sent, what is live of it, and the rules of the application. Out: the object with ignored fields as they are live, also those that
// we own: an ignored field stays as it is, whatever Git says (Argo CD: RespectIgnoreDifferences). Pure.
import { isDeepStrictEqual } from 'node:util';
import { type IgnoreContext, respectedFields } from '../ignore/rules.ts';
import { type FieldSet, type FieldSteps, toFieldSet } from '../managed-fields/field-set.ts';
import { ownEntry } from '../managed-fields/owners.ts';
import { withDataOwned } from '../managed-fields/secret-data.ts';
import { ITEM_KEYS } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import type { Desired } from '../plan/desired.ts';

/** The ignored fields in which the object would change what is live, as rules write them; none where it would change nothing. */
export function keptFields(
  { id, object }: Pick<Desired, 'id' | 'object'>,
  live: KubeObject,
  ignoring: IgnoreContext,
): readonly FieldSteps[] {
  const fields = respectedFields(id, ignoring).filter(([first]) => first !== undefined);
  return isDeepStrictEqual(withLiveFields(object, live, fields), object) ? [] : fields;
}

/** The object with these fields as they are live. Fields that others alone own are not sent. */
export function withLiveFields(object: KubeObject, live: KubeObject, fields: readonly FieldSteps[]): KubeObject {
  if (fields.length === 0) return object;
  const own = toFieldSet(ownEntry(withDataOwned(live))?.fieldsV1);
  const kept = fields.reduce<unknown>((value, steps) => keepAt({ sent: value, live, own }, steps), object);
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, labels } = metadata;
  const inner = isRecord(kept) ? kept : {};
  const innerMetadata = isRecord(inner['metadata']) ? inner['metadata'] : {};
  const owner = labels?.[APP_LABEL];
  const innerLabels = isRecord(innerMetadata['labels']) ? innerMetadata['labels'] : {};
  return {
    ...inner,
    apiVersion,
    kind,
    metadata: {
      ...innerMetadata,
      name,
      ...(namespace !== undefined && { namespace }),
      ...(owner !== undefined && { labels: { ...innerLabels, [APP_LABEL]: owner } }),
    },
  };
}

type Sides = {
  readonly sent: unknown;
  readonly live: unknown;
  /** What we own there; undefined for nothing. */
  readonly own: FieldSet | undefined;
};

function keepAt({ sent, live, own }: Sides, [step, ...rest]: FieldSteps): unknown {
  if (step === undefined) return keepValue({ sent, live, own });
  if (Array.isArray(sent)) return keepItems(sent, live, [step, ...rest]);
  const [given, present] = [isRecord(sent) ? sent : {}, isRecord(live) ? live : {}];
  const names = Object.keys({ ...given, ...present }).filter((name) => step === '*' || name === step);
  if (names.length === 0) return sent;
  return merged(given, names, (name) =>
    keepAt({ sent: given[name], live: present[name], own: own && setAt(own, `f:${name}`) }, rest),
  );
}

/** Items that are live are kept as they are; an item that is not live is not sent where the rule means the item itself. */
function keepItems(sent: readonly unknown[], live: unknown, [step, ...rest]: FieldSteps): readonly unknown[] {
  const present: readonly unknown[] = Array.isArray(live) ? live : [];
  const isNamed = sent.some((item) => nameOfItem(item) === step);
  const isMeant = (item: unknown, place: number): boolean =>
    step === '*' || (isNamed ? nameOfItem(item) : String(place)) === step;
  return sent.flatMap((item, place) => {
    const twin = isMeant(item, place) ? twinOf(item, place, present) : undefined;
    if (twin === undefined) return isMeant(item, place) && rest.length === 0 ? [] : [item];
    const kept = keepAt({ sent: item, live: twin, own: undefined }, rest);
    return kept === undefined ? [] : [kept];
  });
}

function twinOf(item: unknown, place: number, live: readonly unknown[]): unknown {
  const name = nameOfItem(item);
  return name === undefined ? live[place] : live.find((other) => nameOfItem(other) === name);
}

function keepValue({ sent, live, own }: Sides): unknown {
  // A field that Git does not have is sent only where we own it, since the server would remove it otherwise.
  if (sent === undefined && own === undefined) return undefined;
  if (!isRecord(live) || !(isRecord(sent) || hasParts(own))) return live;
  const given = isRecord(sent) ? sent : {};
  return merged(given, Object.keys({ ...given, ...live }), (name) =>
    keepValue({ sent: given[name], live: live[name], own: own && setAt(own, `f:${name}`) }),
  );
}

function hasParts(own: FieldSet | undefined): boolean {
  return own !== undefined && Object.keys(own).length > 0;
}

function merged(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
  chosen: (name: string) => unknown,
): Readonly<Record<string, unknown>> {
  const values = Object.fromEntries(names.map((name) => [name, chosen(name)]));
  return Object.fromEntries(Object.entries({ ...given, ...values }).filter(([, value]) => value !== undefined));
}

function setAt(own: FieldSet, key: string): FieldSet | undefined {
  return own[key] === undefined ? undefined : toFieldSet(own[key]);
}

function nameOfItem(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const key = ITEM_KEYS.find((field) => item[field] !== undefined);
  return key === undefined ? undefined : String(item[key]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
