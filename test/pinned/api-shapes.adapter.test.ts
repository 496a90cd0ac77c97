// Names and types of all that the API answers with: what the page, scripts and other programs read.
import {
  APPLICATION,
  APPLICATIONS,
  ASKED,
  CONFIGURATION,
  DRIFT,
  DRIFTS,
  ERROR,
  EVENTS,
  HISTORY,
  LIVE_OBJECTS,
  OBJECTS,
  OPERATION,
  SUSPENSION,
  TREE,
  textOf,
} from './answer-shapes.ts';
import { withApiWorld } from './api-world.ts';
import { fieldsOf } from './shape.ts';

const worlds = withApiWorld();
const pinned = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  fieldsOf(Object(body)),
];

test('all applications, and the report about their configuration', async () => {
  const api = await worlds.open();
  expect(pinned(await api.get('/api/applications'))).toEqual([
    200,
    { applications: `[${textOf(APPLICATIONS)}]`, configuration: CONFIGURATION },
  ]);
});

test('the list of all applications, before and after their summaries are filled in', async () => {
  const api = await worlds.open();
  const read = async () => pinned(await api.get('/api/v1/applications'));
  const item = {
    name: 'string',
    project: 'string',
    destination: '{ cluster: string, namespace: string }',
    mode: 'string',
    sync: '{ status: string }',
    'health?': 'string',
    'revision?': 'string',
    drift: '{ count: number, status: string }',
    'suspended?': '{ until: string }',
    held: 'number',
  };
  const older = '{ seq: number, status?: string }';
  expect(await read()).toEqual([
    200,
    { items: `[${textOf({ ...item, lastOperation: older })}]`, configuration: CONFIGURATION },
  ]);
  await api.world.state.fillIndexes();
  const filled = '{ endedAt?: string, requestedAt?: string, seq: number, status?: string, trigger: string }';
  expect(await read()).toEqual([
    200,
    { items: `[${textOf({ ...item, lastOperation: filled })}]`, configuration: CONFIGURATION },
  ]);
});

test('one application: deployed, suspended, and not deployed yet', async () => {
  const api = await worlds.open();
  const one = { ...APPLICATION, configuration: CONFIGURATION };
  expect(pinned(await api.get('/api/applications/shop'))).toEqual([200, one]);
  expect(pinned(await api.get('/api/applications/blog'))).toEqual([
    200,
    {
      ...one,
      held: '[]',
      suspended: textOf(SUSPENSION),
      lastOperation: textOf({ ...OPERATION, trigger: '{ kind: string }' }),
    },
  ]);
  expect(pinned(await api.get('/api/applications/cart'))).toEqual([
    200,
    {
      name: 'string',
      project: 'string',
      source: '{ path: string, ref: string, repo: string }',
      destination: '{ cluster: string, namespace: string }',
      mode: 'string',
      sync: '{ reason: string, status: string }',
      drift: '{ count: number, deployed: boolean, mode: string, reason: string, status: string }',
      held: '[]',
      configuration: CONFIGURATION,
      lastOperation: '{ app: string, phase: string, requestedAt: string, seq: number, trigger: { kind: string } }',
    },
  ]);
});

test('the history, and one operation of it', async () => {
  const api = await worlds.open();
  expect(pinned(await api.get('/api/applications/shop/operations'))).toEqual([
    200,
    { operations: `[${textOf(HISTORY)}]` },
  ]);
  expect(pinned(await api.get('/api/applications/shop/operations/5'))).toEqual([200, OPERATION]);
});

test('the drift of one application, deployed and not deployed yet, and of all', async () => {
  const api = await worlds.open();
  expect(pinned(await api.get('/api/applications/blog/drift'))).toEqual([200, DRIFT]);
  const { scan: _scan, scannedAt: _at, since: _since, ...known } = DRIFT;
  expect(pinned(await api.get('/api/applications/cart/drift'))).toEqual([
    200,
    { ...known, deployed: 'boolean', objects: '[]', reason: 'string' },
  ]);
  expect(pinned(await api.get('/api/drift'))).toEqual([200, { applications: `[${textOf(DRIFTS)}]` }]);
});

test('a scan that was asked for', async () => {
  const api = await worlds.open();
  const cluster =
    '{ applications: number, applicationsDrifted: number, cluster: string, corrections: number, ms: number, objectsDrifted: number, orphans: number, status: string }';
  const missing =
    '[{ apiVersion: string, by: [], drift: string, fields: [], firstSeen: { at: string, scan: string }, handling: string, id: { group: string, kind: string, name: string, namespace: string }, since: string }]';
  const correction = '{ attempts: number, notBefore: string, seq: number }';
  expect(pinned(await api.post('/api/drift/scan'))).toEqual([
    200,
    {
      applications: `[${textOf({ ...DRIFTS, objects: missing, 'correction?': correction })}]`,
      clusters: `[${cluster}]`,
    },
  ]);
});

test.each([
  ['sync', 'shop/sync', { by: 'ann', release: true }, 202, ASKED],
  ['adopt', 'blog/adopt', { by: 'ann', from: 'west' }, 202, ASKED],
  ['rollback', 'shop/rollback', { by: 'ann', toSeq: 1 }, 202, ASKED],
  ['suspend', 'shop/suspend', { by: 'ann', reason: 'freeze', until: '2026-02-01T00:00:00.000Z' }, 200, SUSPENSION],
  ['terminate', 'cart/terminate', { by: 'ann' }, 202, { ...ASKED, terminated: 'number' }],
  ['resume', 'blog/resume', { by: 'ann' }, 200, { app: 'string', next: 'string', operation: 'string' }],
] as const)('what %s is answered with', async (_order, path, wish, status, fields) => {
  const api = await worlds.open();
  expect(pinned(await api.post(`/api/applications/${path}`, wish))).toEqual([status, fields]);
});

test.each([
  ['a field that is not known', 'shop/sync', { bee: 'ann' }, 400, 'RequestInvalid'],
  ['an application that is not configured', 'none/sync', {}, 404, 'ApplicationUnknown'],
  ['an operation that does not exist', 'shop/rollback', { toSeq: 99 }, 404, 'OperationUnknown'],
  ['a commit that is held', 'shop/sync', {}, 409, 'RevisionHeld'],
  ['nothing to go back to', 'wiki/rollback', {}, 409, 'RollbackImpossible'],
  ['nothing to end', 'shop/terminate', {}, 409, 'NothingRuns'],
  ['a plan that this API cannot make', 'shop/plan', {}, 400, 'RequestInvalid'],
] as const)('an error for %s', async (_what, path, wish, status, code) => {
  const api = await worlds.open();
  const answer = await api.post(`/api/applications/${path}`, wish);
  expect(pinned(answer)).toEqual([status, ERROR]);
  expect(answer.body).toMatchObject({ error: { code } });
});

describe('objects', () => {
  const ID = 'group: string, kind: string, name: string, namespace: string';

  test.each([
    ['as they are recorded', '/api/v1/applications/shop/objects', OBJECTS],
    ['as they are now', '/live/applications/shop/objects', LIVE_OBJECTS],
    ['with what they own', '/live/applications/shop/tree', TREE],
    [
      'and how they differ',
      '/live/applications/shop/diff',
      {
        app: 'string',
        live: `{ changes: [{ action: string, fields: [], id: { ${ID} } }], revision: string, unread: [] }`,
        head: `{ changes: [{ action: string, fields: [{ from: string, path: string, to: string }], id: { ${ID} } }], refusals: [], revision: string, unread: [] }`,
      },
    ],
    [
      'and their logs',
      '/live/applications/shop/logs',
      { app: 'string', items: '[]', isMore: 'boolean', cursor: 'string', containers: '[]', unread: '[]' },
    ],
    ['and their events', '/live/applications/shop/events', EVENTS],
  ])('%s', async (_what, path, shape) => {
    const api = await worlds.open();
    expect(pinned(await api.get(path))).toEqual([200, shape]);
  });
});
