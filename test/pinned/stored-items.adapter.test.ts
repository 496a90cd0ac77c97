// Keys, attributes and nested fields of every item of the state table, as the deployer writes them: what another version has to read.
import { gunzipSync } from 'node:zlib';
import { aDrift } from '../contracts/state-store/drift.ts';
import { withEmulator } from '../lib/state/emulator.ts';
import { fieldsOf, shapeOf } from './shape.ts';
import { live } from './story.ts';
import { openWorld, type World } from './world.ts';

type Item = Readonly<Record<string, unknown>>;

const emulator = withEmulator('dynoxide');
let world: World;
let items: readonly Item[];

beforeEach(async () => {
  world = await openWorld(await emulator.open());
  await live(world);
  ({ items } = await world.persisted());
});

/** Items whose sort key begins so, with what they hold as text or compressed in place of that. */
function kind(pk: string, sk: string): readonly Item[] {
  const found = items.filter((item) => String(item['pk']).startsWith(pk) && String(item['sk']).startsWith(sk));
  return found.map((item) => ({ ...item, ...opened(item) }));
}

function opened({ app, record, gz, sk }: Item): Item {
  return {
    ...(sk === 'META' && { app: JSON.parse(String(app)) }),
    ...(record !== undefined && { record: JSON.parse(String(record)) }),
    ...(gz instanceof Uint8Array && { gz: JSON.parse(gunzipSync(gz).toString()) }),
  };
}

const KEY = { pk: 'string', sk: 'string' } as const;
const OBJECT_ID = '{ group: string, kind: string, name: string, namespace: string }';
const SOURCE = '{ path: string, ref: string, repo: string }';
const LAST_SYNC =
  '{ commit: { at: string, author: string, signed: boolean, subject: string }, inputs: [{ oid: string, path: string }], renderedKey: string, revision: string, seq: number, specHash: string, status: string }';

/** Of an Application: what all have and, with `?`, what some have. */
const APPLICATION = [
  '{ destination: { cluster: string, namespace: string }',
  'drift: { ignore?: [{ fields: [string], group: string, kind: string }], mode: string }',
  'name: string, project: string, rollback?: { alarms: [string], bakeTimeSeconds: number }',
  'source: { directory?: { recurse: boolean }, helm?: { includeCRDs: boolean, valueFiles: [string], values: { pages: number } }, path: string, ref: string, repo: string }',
  'sync: { allowEmpty: boolean, createNamespace: boolean, force: boolean, maxPrunePercent: number, mode: string, prune: boolean, pruneProtected: [], recreate: boolean, timeoutSeconds: number } }',
].join(', ');

test('every item has the key of its kind', () => {
  const keys = items.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`);
  const documents = /(?<=DOC#)\S+Z#[0-9a-f-]{36}/;
  expect(keys.map((key) => key.replace(documents, '<time>#<uuid>').replace(/(?<=INV#)\d{10}/, '<generation>'))).toEqual(
    [
      'APP#blog DRIFT',
      'APP#blog EVENTS',
      'APP#blog EVT#0000000001',
      'APP#blog INV#<generation>#0000000000',
      'APP#blog META',
      'APP#blog OP#0000000001',
      'APP#cart META',
      'APP#cart OP#0000000001',
      'APP#shop DRIFT',
      'APP#shop EVENTS',
      'APP#shop EVT#0000000001',
      'APP#shop EVT#0000000002',
      'APP#shop EVT#0000000003',
      'APP#shop INV#<generation>#0000000000',
      'APP#shop META',
      'APP#shop OP#0000000001',
      'APP#shop OP#0000000002',
      'APP#shop OP#0000000003',
      'APP#shop OP#0000000004',
      'APP#shop OP#0000000005',
      'APP#wiki INV#<generation>#0000000000',
      'APP#wiki META',
      'APP#wiki OP#0000000001',
      'CLUSTER#prod SCAN',
      'CONFIG CURRENT',
      'CONFIG DOC#<time>#<uuid>#0000',
      'CONFIG REPORT',
      'DEPLOYER IDENTITY',
      'LIST VERSION',
      'LIST#0 APP#cart',
      'LIST#6 APP#shop',
      'LIST#6 APP#wiki',
      'LIST#7 APP#blog',
      'REPO#git.test/acme/blog APP#blog',
      'REPO#git.test/acme/shop APP#cart',
      'REPO#git.test/acme/shop APP#shop',
      'REPO#git.test/acme/wiki APP#wiki',
      'TABLE INDEXED',
    ],
  );
});

test('META has all that is decided on, under these names', () => {
  expect(fieldsOf(...kind('APP#', 'META'))).toEqual({
    ...KEY,
    schemaVersion: 'number',
    version: 'number',
    app: APPLICATION,
    specHash: 'string',
    requested: '{ at: string, seq: number, trigger: string }',
    specSeq: 'number',
    repo: 'string',
    listing: 'string',
    repos: '[string]',
    indexed: 'number',
    desiredSeq: 'number',
    'desiredRevision?': 'string',
    openFrom: 'number',
    fence: 'number',
    'lease?': '{ app: string, expiresAt: string, fence: number, seq: number }',
    'settled?': '{ at: string, fence: number, revision: string, seq: number, status: string }',
    'lastSync?': LAST_SYNC,
    'rendered?': '{ inputs: [{ oid: string, path: string }], revision: string, specHash: string }',
    'previous?': LAST_SYNC.replace('[{ oid: string, path: string }]', '[]'),
    'head?': '{ isChanged: boolean, revision: string, since: string }',
    'deployment?': '{ alarmsBefore: [string], at: string, revision: string, seq: number }',
    'health?': '{ at: string, message: string, seq: number, status: string }',
    'suspended?': '{ at: string, by: string, reason: string, until: string }',
    'held?': '[{ at: string, reason: string, revision: string }]',
    'inventory?': '{ chunks: number, generation: number }',
    'place?': '{ cluster: string, namespace: string, uid: string }',
  });
});

test('an operation has these fields, those of its end where it has ended', () => {
  expect(fieldsOf(...kind('APP#', 'OP#'))).toEqual({
    ...KEY,
    'ttl?': 'number',
    app: 'string',
    seq: 'number',
    trigger: '{ by?: string, kind: string, undo?: string }',
    phase: 'string',
    requestedAt: 'string',
    'startedAt?': 'string',
    'endedAt?': 'string',
    'revision?': 'string',
    'renderedKey?': 'string',
    'changeSetKey?': 'string',
    'commit?': '{ at: string, author: string, signed: boolean, subject: string }',
    'plan?':
      '{ configured: number, created: number, deleted: number, recreated: number, refused: number, skipped: number, unchanged: number }',
    'outcome?':
      '{ health?: { message: string, status: string }, message: string, refusals?: [string], revision: string, status: string }',
    'timings?': '{ apply?: number, plan: number, prune?: number, render: number, resolve: number }',
  });
});

test('a failed operation keeps its error, and a rollback the number that it goes back to', async () => {
  await world.deploy('shop', { kind: 'rollback', by: 'ann', toSeq: 1 });
  world.cluster.before = () => {
    throw new Error('unexpected');
  };
  await world.deploy('shop', { kind: 'manual', by: 'ann' });
  ({ items } = await world.persisted());
  const [rollback, failed] = kind('APP#shop', 'OP#').slice(-2);
  expect(rollback?.['trigger']).toEqual({ kind: 'rollback', by: 'ann', toSeq: 1 });
  expect(shapeOf(failed?.['outcome'])).toBe(
    '{ error: { code: string, hint: string, message: string }, message: string, status: string }',
  );
});

test('a chunk of an inventory is the compressed JSON of its entries', () => {
  expect(fieldsOf(...kind('APP#', 'INV#'))).toEqual({
    ...KEY,
    gz: '[{ apiVersion: string, group: string, hash: string, kind: string, name: string, namespace: string, resourceVersion: string, uid: string }]',
  });
});

test('the findings about an application are one text, beside the version that writes depend on', () => {
  const drifted = `{ apiVersion: string, by: [], drift: string, fields: [{ from: string, path: string, to: string }], firstSeen: { at: string, scan: string }, handling: string, id: ${OBJECT_ID}, note?: string, since: string }`;
  expect(fieldsOf(...kind('APP#', 'DRIFT'))).toEqual({
    ...KEY,
    schemaVersion: 'number',
    version: 'number',
    record: `{ app: string, count: number, objects: [${drifted}], scan: string, scannedAt: string, since: string, status: string, version: number }`,
  });
});

test('the findings about an application keep every field that they may have', async () => {
  const { before, written } = await rewritten('shop');
  const author =
    '{ at?: string, manager: string, operation?: string, sourceIp?: string, user?: string, verb?: string }';
  expect(fieldsOf(written)).toEqual({
    ...fieldsOf(before),
    reason: 'string',
    checkedInFullAt: 'string',
    correction: '{ attempts: number, fighting: { managers: [string], since: string }, notBefore: string, seq: number }',
    objects: `[{ apiVersion: string, by: [${author}], drift: string, fields: [{ from?: number, path: string, to?: { deep: [null | number | string] } }], firstSeen: { at: string, scan: string }, handling: string, id: ${OBJECT_ID}, note: string, since: string }]`,
    health: `{ at: string, count: number, message: string, objects: [{ id: ${OBJECT_ID}, message: string, reason: string, since: string, status: string }], reason: string, seq: number, since: string, status: string, told: boolean }`,
  });
});

/** The text of the findings before and after a record that uses every field was put. */
async function rewritten(app: string): Promise<{ readonly before: object; readonly written: object }> {
  const textOf = () => Object(kind(`APP#${app}`, 'DRIFT')[0]?.['record']);
  const before = textOf();
  await world.state.putDrift(aDrift(2));
  ({ items } = await world.persisted());
  return { before, written: textOf() };
}

test('a cluster is one text, with who scans it beside that while a scan goes on', async () => {
  const fields = {
    ...KEY,
    schemaVersion: 'number',
    listing: 'string',
    record: `{ cluster: string, completedAt: string, ms: number, orphans: [${OBJECT_ID.replace('{', '{ app: string,')}], orphansAt: string, scan: string, since: string, startedAt: string, status: string }`,
  };
  expect(fieldsOf(...kind('CLUSTER#', 'SCAN'))).toEqual(fields);
  await world.state.beginScan('prod', 'scan-2', 60);
  ({ items } = await world.persisted());
  expect(fieldsOf(...kind('CLUSTER#', 'SCAN'))).toEqual({ ...fields, scanning: 'string', scanningUntil: 'string' });
});

test('the configuration is a pointer, its compressed documents, and a report', () => {
  expect(fieldsOf(...kind('CONFIG', 'CURRENT'))).toEqual({
    ...KEY,
    schemaVersion: 'number',
    version: 'number',
    source: SOURCE,
    revision: 'string',
    hash: 'string',
    readBy: 'string',
    at: 'string',
    loaded: 'boolean',
    documents: 'string',
    chunks: 'number',
  });
  const eks = '{ externalId: string, name: string, region: string, roleArn: string }';
  expect(fieldsOf(...kind('CONFIG', 'DOC#').map(({ gz }) => Object(gz)))).toEqual({
    applications: `[${APPLICATION}]`,
    clusters: `[{ eks: ${eks}, name: string }]`,
    projects:
      '[{ description: string, destinations: [{ cluster: string, namespace: string }], drift: { mode: string }, name: string, sourceRepos: [string] }]',
    repositories: '[{ credentials: { secret: string }, name: string, url: string }]',
  });
  expect(fieldsOf(...kind('CONFIG', 'REPORT'))).toEqual({
    ...KEY,
    status: 'string',
    source: SOURCE,
    revision: 'string',
    problems: '[]',
    count: 'number',
    since: 'string',
  });
});
