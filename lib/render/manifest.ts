// In: one document of a file. Out: the Kubernetes objects in it, lists expanded, or why it is not one. No message contains a value of the file:
// it may be a Secret.
import type { KubeObject } from '../model/kube-object.ts';
import { isMapping } from './shape.ts';

/** An object or a problem; `at` is the mapping that contains it. `foreign` marks a document that is not meant to be an object. */
export type Found = { readonly at: object } & (
  | { readonly object: KubeObject }
  | { readonly message: string; readonly foreign: boolean }
);

const API_VERSION = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[a-z0-9]+$/i;

/** The objects of a document: a `List`, or any `…List` with items, becomes its items. */
export function objectsIn(document: unknown): Found[] {
  if (!isMapping(document))
    return [{ at: Object(document), message: 'is not a mapping, so it is not a Kubernetes object', foreign: true }];
  const items = itemsOf(document);
  if (items === undefined) return [checked(document)];
  return items.flatMap((item, index): Found[] =>
    isMapping(item)
      ? objectsIn(withListType(item, document)).map((found) => ({ ...found, at: item }))
      : [{ at: document, message: `items[${index}] is not a mapping`, foreign: false }],
  );
}

function itemsOf({ apiVersion, kind, items }: Record<string, unknown>): readonly unknown[] | undefined {
  if (typeof kind !== 'string' || !kind.endsWith('List')) return undefined;
  if (Array.isArray(items)) return items;
  return kind === 'List' && apiVersion === 'v1' ? [] : undefined;
}

/** The API server omits the type of the items of a typed list, such as a DeploymentList. */
function withListType(item: Record<string, unknown>, list: Record<string, unknown>): Record<string, unknown> {
  const { apiVersion, kind } = list;
  if (typeof kind !== 'string' || kind === 'List' || 'kind' in item || 'apiVersion' in item) return item;
  return { apiVersion, kind: kind.slice(0, -'List'.length), ...item };
}

function checked(document: Record<string, unknown>): Found {
  const { metadata } = document;
  const object = isMapping(metadata) ? withGeneratedName({ ...document, metadata: withoutNulls(metadata) }) : document;
  const message = problemOf(object);
  if (message === undefined && isKubeObject(object)) return { at: document, object };
  const foreign = !('kind' in document && 'apiVersion' in document);
  return { at: document, message: message ?? 'is not a Kubernetes object', foreign };
}

/** An empty `labels:` means no labels. */
function withoutNulls(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}

const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

/**
 * An object that runs once may leave its name to us: until the plan gives it one, it is called like its `generateName`. A Job without a hook's annotation is a hook
 * of the phase Sync then, since it runs with each deployment.
 */
function withGeneratedName(
  object: Record<string, unknown> & { metadata: Record<string, unknown> },
): Record<string, unknown> {
  const { name = '', generateName, annotations = {} } = object.metadata;
  if (name !== '' || typeof generateName !== 'string' || !isMapping(annotations)) return object;
  const isHook = HOOKS.some((annotation) => annotation in annotations);
  if (!isHook && !isJob(object)) return object;
  const phase = isHook ? {} : { annotations: { ...annotations, [String(HOOKS[0])]: 'Sync' } };
  return { ...object, metadata: { ...object.metadata, name: generateName, ...phase } };
}

function isJob({ apiVersion, kind }: Record<string, unknown>): boolean {
  return kind === 'Job' && typeof apiVersion === 'string' && apiVersion.startsWith('batch/');
}

function isKubeObject(object: Record<string, unknown>): object is KubeObject {
  return problemOf(object) === undefined;
}

function problemOf({ apiVersion, kind, metadata }: Record<string, unknown>): string | undefined {
  const missing = Object.entries({ apiVersion, kind, metadata }).filter(
    ([, value]) => value === undefined || value === null,
  );
  if (missing.length > 0)
    return `${missing.map(([key]) => key).join(' and ')} missing; a Kubernetes object has apiVersion, kind and metadata.name`;
  if (typeof apiVersion !== 'string' || !API_VERSION.test(apiVersion))
    return 'apiVersion is neither "version" nor "group/version"';
  if (typeof kind !== 'string' || !/^[A-Za-z][A-Za-z0-9]*$/.test(kind)) return 'kind is not the name of a kind';
  if (!isMapping(metadata)) return 'metadata is not a mapping';
  return nameProblem(metadata) ?? textsProblem('labels', metadata) ?? textsProblem('annotations', metadata);
}

function nameProblem({ name, generateName, namespace }: Record<string, unknown>): string | undefined {
  if ((name === undefined || name === '') && generateName !== undefined)
    return 'metadata.generateName would create a new object at each sync; write metadata.name, or make it a hook';
  if (name === undefined || name === '') return 'metadata.name missing; write one';
  return segmentProblem('name', name) ?? (namespace === undefined ? undefined : segmentProblem('namespace', namespace));
}

/** Names become a part of a URL's path, so the API server allows neither `/` nor `%` in them. */
function segmentProblem(field: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `metadata.${field} is ${typeOf(value)}, not text; quote it`;
  if (value === '.' || value === '..' || /[/%]/.test(value)) return `metadata.${field} is not a valid name`;
  return undefined;
}

function textsProblem(field: 'labels' | 'annotations', metadata: Record<string, unknown>): string | undefined {
  const texts = metadata[field];
  if (texts === undefined) return undefined;
  if (!isMapping(texts)) return `metadata.${field} is ${typeOf(texts)}, not a mapping`;
  const [wrong] = Object.entries(texts).filter(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return undefined;
  return `metadata.${field}["${wrong[0]}"] is ${typeOf(wrong[1])}, not text; quote it`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
