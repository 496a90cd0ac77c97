import type { ApplicationRecord, OperationRequest } from '../../../lib/model/application-record.ts';
import type { Trigger } from '../../../lib/model/operation.ts';
import {
  type OperationInput,
  prepareOperation,
  requestOperation,
  startOperation,
} from '../../../lib/operations/request-operation.ts';
import { stateStoreOf } from '../../fakes/state-store.ts';
import { applicationOf } from '../render/fixture.ts';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');
const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const at = new Date(NOW).toISOString();
const base = applicationOf({});
const shop = { app: { ...base, name: 'shop' } };

type State = Partial<Pick<ApplicationRecord, 'suspended' | 'held'>>;

/** The state table and the starts, in memory: what was done is listed in order. */
function world(answer: Partial<OperationRequest> = {}, start: () => Promise<void> = async () => undefined) {
  const done: unknown[] = [];
  const ports = {
    state: stateStoreOf({
      request: async (app, input) => {
        done.push({ request: app, ...input });
        return { seq: 7, start: true, alreadyAsked: false, ...answer };
      },
    }),
    operations: {
      start: async (app: string, seq: number) => {
        done.push({ start: `${app}-${seq}` });
        await start();
      },
    },
    clock: { now: () => NOW },
  };
  return { ports, done };
}

const push: OperationInput = { trigger: { kind: 'push', by: 'd-1' }, revision: COMMIT };
const pushed = { request: 'shop', revision: COMMIT, trigger: { kind: 'push', by: 'd-1' } };

test.each<[string, Partial<OperationRequest>, string, boolean]>([
  ['without a lease in its way is started', {}, 'started', true],
  ['is queued while another one runs', { start: false }, 'queued', false],
  ['that was requested before, and runs, is named', { start: false, alreadyAsked: true }, 'alreadyRequested', false],
  ['that was requested before, and not started, is started', { alreadyAsked: true }, 'alreadyRequested', true],
])('an operation %s', async (_case, answer, status, isStarted) => {
  const { ports, done } = world(answer);
  expect(await requestOperation(shop, push, ports)).toEqual({ status, seq: 7, operation: 'shop-7' });
  expect(done).toEqual([pushed, ...(isStarted ? [{ start: 'shop-7' }] : [])]);
});

const manual = { app: { ...shop.app, sync: { ...base.sync, mode: 'manual' as const } } };
const suspended: State = { suspended: { reason: 'night of the sale', at } };
const held: State = { held: [{ revision: COMMIT, reason: 'rolled back by shop-5xx', at }] };
const KINDS = [
  'push',
  'sweep',
  'config',
  'drift',
  'rollback',
  'manual',
  'adopt',
] as const satisfies readonly Trigger['kind'][];

test.each([
  ['the mode manual', { ...manual }, 'manual', 'SyncModeManual', ['push', 'sweep', 'config']],
  [
    'a suspension',
    { ...shop, ...suspended },
    'suspended',
    'ApplicationSuspended',
    ['push', 'sweep', 'config', 'drift'],
  ],
  ['a held commit', { ...shop, ...held }, 'held', 'RevisionHeld', ['push', 'sweep', 'config', 'drift', 'adopt']],
])('%s blocks these triggers and no other', async (_case, application, name, code, blocked) => {
  const { ports, done } = world();
  const found: string[] = [];
  for (const kind of KINDS) {
    const result = await requestOperation(application, { trigger: { kind }, revision: COMMIT }, ports);
    if (result.status !== 'blocked') continue;
    expect(result.gate).toEqual({ name, code, message: expect.stringMatching(/^Application\/\w+: .*manually/) });
    found.push(kind);
  }
  expect(found).toEqual(blocked);
  expect(done).toHaveLength(2 * (KINDS.length - blocked.length));
});

test.each<[string, State, OperationInput]>([
  ['the suspension is over', { suspended: { reason: 'why', at, until: at } }, push],
  ['another commit is held', { held: [{ revision: 'another', reason: 'why', at }] }, push],
  ['the commit is not known', held, { trigger: push.trigger }],
  ['the gates are checked for another trigger, which passes', suspended, { ...push, gatesOf: 'manual' }],
])('a request passes where %s', async (_case, state, input) => {
  expect(await requestOperation({ ...shop, ...state }, input, world().ports)).toMatchObject({ status: 'started' });
});

test('a request is blocked where the gates are checked for another trigger, which does not pass', async () => {
  const { ports, done } = world();
  const input: OperationInput = { trigger: { kind: 'rollback' }, gatesOf: 'drift' };
  expect(await requestOperation({ ...shop, ...suspended }, input, ports)).toMatchObject({ status: 'blocked' });
  expect(done).toEqual([]);
});

test('where the start fails the request stands, and the next request starts the same operation', async () => {
  const crashed = world({}, () => Promise.reject(new Error('throttled')));
  await expect(requestOperation(shop, push, crashed.ports)).rejects.toThrow('throttled');
  expect(crashed.done).toEqual([pushed, { start: 'shop-7' }]);
  const again = world({ alreadyAsked: true });
  await requestOperation(shop, push, again.ports);
  expect(again.done).toEqual([pushed, { start: 'shop-7' }]);
});

test('a prepared operation is requested, and its start is left to the caller', async () => {
  const { ports, done } = world();
  expect(await prepareOperation(shop, push, ports)).toEqual({
    status: 'prepared',
    seq: 7,
    start: true,
    alreadyAsked: false,
  });
  expect(done).toEqual([pushed]);
  await startOperation({ app: 'shop', seq: 7 }, ports);
  expect(done).toEqual([pushed, { start: 'shop-7' }]);
});
