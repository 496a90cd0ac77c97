import type { KubeObject } from '../model/kube-object.ts';

/** Texts that are shown instead of a secret value; `before` and `after` differ so that a change shows as one. */
const MASK = { before: '••• (before)', after: '••• (after)', same: '•••' } as const;

/** What a value of a Secret that goes away shows as. */
export const MASKED_BEFORE = MASK.before;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as it is live and as it is desired; one is absent where it is created or deleted. */
export type Pair = { readonly live: KubeObject | undefined; readonly desired: KubeObject | undefined };

/**
 * Masks the values of a Secret in a pair of objects: data, stringData and every annotation, since tools keep copies of values there.
 * Of other objects only the copy that `kubectl apply` keeps is left out.
 */
export function maskPair(pair: Pair): Pair {
  if (!isSecret(pair.live ?? pair.desired)) return mapPair(pair, withoutLastApplied);
  const data = maskValues(pair, (object) => object['data']);
  const stringData = maskValues(pair, (object) => object['stringData']);
  const annotations = maskValues(pair, (object) => object.metadata.annotations);
  const masked = (side: 'live' | 'desired'): KubeObject | undefined => {
    const object = pair[side];
    if (object === undefined) return undefined;
    return {
      ...object,
      ...(data[side] && { data: data[side] }),
      ...(stringData[side] && { stringData: stringData[side] }),
      metadata: { ...object.metadata, ...(annotations[side] && { annotations: annotations[side] }) },
    };
  };
  return { live: masked('live'), desired: masked('desired') };
}

/** Masks one object for printing. */
export function maskObject(object: KubeObject): KubeObject {
  return maskPair({ live: undefined, desired: object }).desired ?? object;
}

function isSecret(object: KubeObject | undefined): boolean {
  return object?.kind === 'Secret' && object.apiVersion === 'v1';
}

function mapPair({ live, desired }: Pair, change: (object: KubeObject) => KubeObject): Pair {
  return { live: live && change(live), desired: desired && change(desired) };
}

type MaskedPair = Readonly<Record<'live' | 'desired', Readonly<Record<string, string>> | undefined>>;

function maskValues({ live, desired }: Pair, section: (object: KubeObject) => unknown): MaskedPair {
  const [before, after] = [live && section(live), desired && section(desired)];
  return { live: maskMap(before, after, MASK.before), desired: maskMap(after, before, MASK.after) };
}

/** Masks every value of a map; one that is equal in the other map shows as equal. A section that is no map shows as nothing at all. */
function maskMap(map: unknown, other: unknown, changed: string): Readonly<Record<string, string>> | undefined {
  if (map === undefined) return undefined;
  if (!isRecord(map)) return {};
  const equal = (key: string): boolean => isRecord(other) && Object.hasOwn(other, key) && other[key] === map[key];
  return Object.fromEntries(Object.keys(map).map((key) => [key, equal(key) ? MASK.same : changed]));
}

function withoutLastApplied(object: KubeObject): KubeObject {
  if (object.metadata.annotations?.[LAST_APPLIED] === undefined) return object;
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations;
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
