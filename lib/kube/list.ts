// In: a query. Out: all its objects at one resourceVersion. What may go wrong: the version expires between two pages; then the list is
// requested again without pages, which cannot expire.
import { DriftlessError } from '../errors.ts';
import type { ListQuery, ListResult, ServedKind } from '../model/cluster-api.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Transport } from './http/transport.ts';
import { isProtobuf, readMetadataList } from './metadata-list.ts';
import { collectionPath, formatTarget, type RequestTarget } from './path.ts';
import { type ApiResponse, hasName, isRecord, readJson, responseError } from './response/api-response.ts';

type Page = { readonly result: ListResult; readonly next: string };

/** The server keeps no objects of the kind, so it knows no LIST of it. */
const NOT_ALLOWED = 405;
const UNLISTABLE: ListResult = { items: [], resourceVersion: '', unlistable: true };

const PAGE_SIZE = { full: 500, metadata: 5000 } as const;

/**
 * Lists a kind. Items get the apiVersion and kind that the server leaves out of lists, and lose `metadata.managedFields`, which are most
 * of their bytes and are not needed there.
 */
export async function listAll(transport: Transport, query: ListQuery): Promise<ListResult> {
  if (query.kind.unlistable) return UNLISTABLE;
  return (await listInPages(transport, query)) ?? (await listAtOnce(transport, query));
}

async function listInPages(transport: Transport, query: ListQuery): Promise<ListResult | undefined> {
  const items: KubeObject[] = [];
  let next = '';
  do {
    const parameters = { limit: String(PAGE_SIZE[query.content]), ...(next !== '' && { continue: next }) };
    const response = await requestPage(transport, query, parameters);
    if (response.status === 410 && next !== '') return undefined;
    const page = readPage(response, query);
    for (const item of page.result.items) items.push(item);
    if (page.next !== '' && page.next === next) throw endless(query);
    next = page.next;
    if (next === '') return { ...page.result, items };
  } while (next !== '');
  return undefined;
}

function endless({ kind, namespace }: ListQuery): DriftlessError {
  const target = formatTarget({ verb: 'list', kind, namespace });
  return new DriftlessError('ApiServerRejected', `${target}: the API server returned the same page again`);
}

async function listAtOnce(transport: Transport, query: ListQuery): Promise<ListResult> {
  return readPage(await requestPage(transport, query, {}), query).result;
}

function requestPage(
  transport: Transport,
  query: ListQuery,
  parameters: Readonly<Record<string, string>>,
): Promise<ApiResponse> {
  const accept = acceptOf(query, 'PartialObjectMetadataList', ['vnd.kubernetes.protobuf', 'json']);
  const path = queryPath(query, parameters);
  return transport.send({ method: 'GET', path, headers: { accept, 'accept-encoding': 'gzip' } });
}

/** Path and parameters of a list or a watch. */
export function queryPath(query: ListQuery, parameters: Readonly<Record<string, string>>): string {
  const selector = query.labelSelector === undefined ? {} : { labelSelector: query.labelSelector };
  return `${collectionPath(query.kind, query.namespace)}?${new URLSearchParams({ ...selector, ...parameters })}`;
}

/** The Accept header: metadata alone where that is enough, in the first form that the server supports. */
export function acceptOf({ content }: ListQuery, partial: string, forms: readonly string[]): string {
  if (content === 'full') return 'application/json';
  return forms.map((form) => `application/${form};as=${partial};g=meta.k8s.io;v=v1`).join(',');
}

function readPage(response: ApiResponse, query: ListQuery): Page {
  const target: RequestTarget = { verb: 'list', kind: query.kind, namespace: query.namespace };
  if (response.status === NOT_ALLOWED) return { result: UNLISTABLE, next: '' };
  if (response.status !== 200) throw responseError(response, target);
  const { metadata, items } = readBody(response.body, target);
  // Some servers return null for the items of an empty list.
  if (!isRecord(metadata) || !(Array.isArray(items) || items === null || items === undefined))
    throw new DriftlessError(
      'ApiServerRejected',
      `${formatTarget(target)}: the API server returned JSON that is not a list`,
    );
  const found = (items ?? []).map((item: unknown) => listed(item, query.kind, target));
  const result = {
    items: found.filter(query.keep ?? (() => true)),
    resourceVersion: String(metadata['resourceVersion'] ?? ''),
  };
  return { result, next: String(metadata['continue'] ?? '') };
}

/** Reads either of the two forms that the server may choose. */
function readBody(body: Buffer, target: RequestTarget): Readonly<Record<string, unknown>> {
  if (!isProtobuf(body)) return readJson(body, formatTarget(target));
  try {
    return readMetadataList(body);
  } catch (cause) {
    const message = `${formatTarget(target)}: the API server returned protobuf that is not a list`;
    throw new DriftlessError('ApiServerRejected', message, { cause });
  }
}

/** An object of a list or a watch, with its apiVersion and kind. */
export function listed(item: unknown, { group, version, kind }: ServedKind, target: RequestTarget): KubeObject {
  if (!isRecord(item) || !isRecord(item['metadata']) || !hasName(item['metadata']))
    throw new DriftlessError(
      'ApiServerRejected',
      `${formatTarget(target)}: the API server listed an object without a name`,
    );
  const metadata = item['metadata'] as { managedFields?: unknown };
  delete metadata.managedFields;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return { ...item, apiVersion, kind } as KubeObject;
}
