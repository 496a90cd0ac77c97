// The two labels that say whose an object is. The deployer's label is on every object that is written, but never counts as a difference: an object that an
// older version applied has none, and is not changed for the sake of it.
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';

/** The label by which an application's objects are found; its value is the application's name. */
export const APP_LABEL = 'driftless.dev/app';

/** The label with the identity of the deployer that wrote the object last. */
export const DEPLOYER_LABEL = 'driftless.dev/deployer';

/** Whose an object is, or is to be: without a deployer where that is not known, as in a rendering without a cluster. */
export type Identity = { readonly app?: string; readonly deployer?: string };

/** Labels that a manifest cannot set itself, in place of those that it has. */
export function labelled(
  labels: Readonly<Record<string, string>> | undefined,
  { app, deployer }: Identity,
): Readonly<Record<string, string>> {
  const { [DEPLOYER_LABEL]: _, ...others } = labels ?? {};
  return {
    ...others,
    ...(app !== undefined && { [APP_LABEL]: app }),
    ...(deployer !== undefined && { [DEPLOYER_LABEL]: deployer }),
  };
}

/** The identity that an object's labels name. */
export function identityOf({ metadata: { labels } }: Pick<KubeObject, 'metadata'>): Identity {
  const { [APP_LABEL]: app, [DEPLOYER_LABEL]: deployer } = labels ?? {};
  return { ...(app !== undefined && { app }), ...(deployer !== undefined && { deployer }) };
}

/** Whether a field, step by step, is one of the two labels. */
export function isIdentityField([metadata, labels, name]: readonly string[]): boolean {
  return metadata === 'metadata' && labels === 'labels' && (name === APP_LABEL || name === DEPLOYER_LABEL);
}

/** The object without the deployer's label, and without who owns that label: what is compared of it. */
export function withoutDeployer(object: KubeObject): KubeObject {
  const { labels, managedFields, ...metadata } = object.metadata;
  const { [DEPLOYER_LABEL]: _, ...others } = labels ?? {};
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(Object.keys(others).length > 0 && { labels: others }),
      ...(managedFields !== undefined && { managedFields: managedFields.map(withoutOwnership) }),
    },
  };
}

const OWNED = ['f:metadata', 'f:labels', `f:${DEPLOYER_LABEL}`];

function withoutOwnership(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  const { fieldsV1 } = entry;
  if (fieldsV1 === undefined) return entry;
  const rest = without(fieldsV1, OWNED);
  return { ...entry, fieldsV1: isRecord(rest) ? rest : {} };
}

/** Without the field at these steps; undefined where nothing else was there. */
function without(fields: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined || !isRecord(fields) || !(step in fields)) return step === undefined ? undefined : fields;
  const { [step]: inner, ...others } = fields;
  const remaining = without(inner, rest);
  const isEmpty = remaining === undefined && Object.keys(others).every((name) => name === '.');
  if (isEmpty) return undefined;
  // The order stays: owners are compared as text.
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name !== step ? [[name, value]] : remaining === undefined ? [] : [[name, remaining]],
    ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
