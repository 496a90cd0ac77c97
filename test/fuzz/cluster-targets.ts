import { Readable } from 'node:stream';
import fc from 'fast-check';
import { diffObjects } from '../../lib/diff/diff.ts';
import { formatFieldChange } from '../../lib/diff/format.ts';
import { maskObject } from '../../lib/diff/mask.ts';
import type { Transport } from '../../lib/kube/http/transport.ts';
import { listAll } from '../../lib/kube/list.ts';
import { parseAggregated, parseGroupVersions, parseResources } from '../../lib/kube/parse-discovery.ts';
import type { RequestTarget } from '../../lib/kube/path.ts';
import { parseStatus } from '../../lib/kube/response/api-status.ts';
import { applyResult } from '../../lib/kube/response/apply-result.ts';
import { watchEvents } from '../../lib/kube/watch.ts';
import type { ServedKind } from '../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { entry, item, listMeta, message, metadataList, number, text } from '../fakes/metadata-list.ts';
import { CANARY, changed, corpus, type Target, target } from './target.ts';

const SECRET: ServedKind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
const subject: RequestTarget = { verb: 'patch', kind: SECRET, namespace: 'shop', name: 's' };
const statusCodes = fc.constantFrom(
  200,
  201,
  302,
  400,
  401,
  403,
  404,
  405,
  409,
  410,
  413,
  422,
  429,
  500,
  502,
  503,
  504,
);
const bodies = changed(corpus('status'));

/** An answer about a Secret that quotes its value in the middle of sentences that servers are known to say. */
const sentence = fc
  .record({
    before: fc.constantFrom(
      '',
      'Secret "s" is invalid: data: Invalid value: ',
      'failed to create typed patch object (shop/s; /v1, Kind=Secret): .data.a: expected string, got ',
      'failed to create typed patch object (shop/s; /v1, Kind=Secret): errors:\n  .data.a: ',
      'admission webhook "w" denied the request: ',
      'failed to convert new object (shop/s; /v1, Kind=Secret): illegal base64 data: ',
      'strict decoding error: ',
    ),
    noise: fc.string(),
    after: fc.constantFrom(
      '',
      ': field is immutable',
      ': field not declared in schema',
      ' expected string',
      ' illegal base64 data',
    ),
  })
  .map(({ before, noise, after }) => `${before}${noise}"${CANARY}"${after}`);
const causes = fc.array(
  fc.record({
    reason: fc.constantFrom('FieldValueInvalid', 'FieldValueForbidden', 'FieldValueNew', ''),
    message: sentence,
    field: fc.constantFrom('data[a]', '', 'metadata.annotations'),
  }),
  { maxLength: 3 },
);
const quoting = fc.record({
  code: statusCodes,
  reason: fc.constantFrom('Invalid', 'Forbidden', '', 'Conflict'),
  message: sentence,
  causes,
});

const METADATA_LISTS = [
  metadataList(listMeta('7')),
  metadataList(
    listMeta('7'),
    item(text(1, 'a'), text(3, 'shop'), text(5, 'u'), text(6, '4'), number(7, 2), message(8, number(1, 1_795_280_000))),
    item(
      text(1, 'b'),
      entry(11, 'k', 'v'),
      entry(12, 'k', 'v'),
      message(13, text(1, 'Job'), number(6, 1)),
      text(14, 'f'),
    ),
  ),
];

function transportOf(status: number, body: Buffer): Transport {
  const reply = { status, body, failure: status < 400 ? undefined : parseStatus(body.toString('utf8')) };
  return {
    send: async ({ streamUntil }) => ({
      ...reply,
      ...(streamUntil && status === 200 && { stream: Readable.from([body]) }),
    }),
    close: async () => undefined,
  };
}

const query = { kind: SECRET, content: 'full' } as const;
const values = fc.oneof(
  fc.constant<unknown>(CANARY),
  fc.constant<unknown>(Buffer.from(CANARY).toString('base64')),
  fc.constant<unknown>({ a: [CANARY] }),
  fc.string(),
  fc.integer(),
);
const sections = fc.oneof(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c.d'), values), values);
const secretObjects = fc
  .record({ data: sections, stringData: sections, annotations: sections }, { requiredKeys: [] })
  .map(({ annotations, ...rest }): KubeObject => {
    const metadata = { name: 's', namespace: 'shop', ...(annotations !== undefined && { annotations }) };
    return { apiVersion: 'v1', kind: 'Secret', metadata: metadata as KubeObject['metadata'], ...rest };
  });
const anyObjects = fc
  .record({ spec: fc.jsonValue({ maxDepth: 4 }), status: fc.jsonValue(), data: fc.jsonValue() }, { requiredKeys: [] })
  .map((rest): KubeObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, ...rest }));

export const clusterTargets: readonly Target[] = [
  target('respond', quoting, ({ code, reason, message, causes: listed }) => {
    const failure = { kind: 'Status', code, reason, message, details: { name: 's', kind: 'secrets', causes: listed } };
    const body = Buffer.from(JSON.stringify(failure));
    return applyResult({ status: Math.max(code, 300), body, failure: parseStatus(body.toString('utf8')) }, subject);
  }),
  target('respond-bytes', fc.record({ status: statusCodes, body: bodies }), ({ status, body }) => {
    applyResult({ status, body, failure: status < 400 ? undefined : parseStatus(body.toString('utf8')) }, subject);
  }),
  target('list', fc.record({ status: statusCodes, body: bodies }), async ({ status, body }) => {
    let pages = 0;
    const { send, close } = transportOf(status, body);
    const ending: Transport = {
      close,
      send: (request) => {
        pages += 1;
        return pages > 3 ? Promise.resolve({ status: 410, body: Buffer.alloc(0) }) : send(request);
      },
    };
    await listAll(ending, query);
  }),
  target('metadata-list', changed(METADATA_LISTS), (body) =>
    listAll(transportOf(200, body), { ...query, content: 'metadata' }),
  ),
  target('watch', fc.record({ status: statusCodes, body: bodies }), async ({ status, body }) => {
    const { signal } = new AbortController();
    for await (const _ of watchEvents(transportOf(status, body), { ...query, resourceVersion: '1' }, signal));
  }),
  target('discovery', bodies, (body) => {
    const json = parsed(body);
    parseAggregated(json);
    parseGroupVersions(json);
    parseResources(json, 'apps/v1');
  }),
  target('secret-diff', fc.tuple(secretObjects, secretObjects), ([live, desired]) => {
    const changes = diffObjects(live, desired);
    return [changes, changes.map(formatFieldChange), maskObject(live), maskObject(desired)];
  }),
  target('diff', fc.tuple(anyObjects, anyObjects), ([live, desired]) => {
    diffObjects(live, desired).map(formatFieldChange);
    if (diffObjects(live, structuredClone(live)).length > 0) throw new Error('an object differs from itself');
  }),
];

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
