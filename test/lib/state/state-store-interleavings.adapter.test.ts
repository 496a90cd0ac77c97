import type { GetCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { StateStore } from '../../../lib/ports/store.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import {
  anApplication,
  anInventory,
  endOf,
  failureOf,
  LEASE_LOST,
  LEASE_SECONDS,
  leaseOf,
  PUSH,
} from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

/**
 * Workers whose requests reach DynamoDB in every order that fast-check thinks of: each request of a store waits until the scheduler lets it
 * go. Whatever the order, no operation may be forgotten and no two workers may hold the right to write.
 */
const { open } = withEmulator('dynoxide');

const commits = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });
const RUNS = { numRuns: 25 };

async function scheduledStore(scheduler: fc.Scheduler) {
  const fixture = await open();
  await fixture.store.putApplication(anApplication('shop'), 'hash-1');
  const released = scheduler.scheduleFunction((_request: string, send: () => Promise<unknown>) => send());
  const send = (command: { readonly constructor: { readonly name: string } }) =>
    released(command.constructor.name, () => fixture.client.send(command as GetCommand));
  const client: typeof fixture.client = Object.create(fixture.client, { send: { value: send } });
  return { ...fixture, scheduled: createStateStore({ client, table: fixture.table, clock: fixture.clock }) };
}

/** Runs started operations to their end, and those that they hand over to; a worker that finds the lease held gives up. */
function workers(store: StateStore, crashes: ReadonlySet<number> = new Set()) {
  const fences: number[] = [];
  async function run(seq: number): Promise<void> {
    const acquisition = await store.acquire('shop', seq, LEASE_SECONDS);
    if (acquisition.status === 'held') return;
    if (acquisition.status === 'ended') return runSuccessor(acquisition.successor);
    const { lease, record } = acquisition;
    fences.push(lease.fence);
    if (crashes.has(seq)) return;
    try {
      await store.supersedeOlder(lease, { status: 'superseded', message: '' });
      await store.renew(lease, LEASE_SECONDS);
      await runSuccessor((await store.conclude(lease, endOf(lease, 'synced', record.desiredRevision))).successor);
    } catch (error) {
      expect(error).toEqual(LEASE_LOST);
    }
  }
  const runSuccessor = async (seq: number | undefined) => (seq === undefined ? undefined : run(seq));
  const push = async (revision: string) => {
    const { seq, start } = await store.request('shop', { revision, trigger: PUSH });
    if (start) await run(seq);
  };
  return { run, push, fences };
}

async function everythingEnded(store: StateStore): Promise<void> {
  expect(await store.application('shop')).not.toHaveProperty('lease');
  const open = (await store.operations('shop', 99)).filter(({ phase }) => phase !== 'done');
  expect(open).toEqual([]);
}

test('in every order of requests, each push is deployed or superseded, and no lease stays behind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), commits, commits, async (scheduler, first, second) => {
      const { store, scheduled } = await scheduledStore(scheduler);
      const { push, fences } = workers(scheduled);
      const actor = async (pushes: readonly string[]) => {
        for (const revision of pushes) await push(revision);
      };
      await scheduler.waitFor(Promise.all([actor(first), actor(second)]));
      await everythingEnded(store);
      expect(new Set(fences).size).toBe(fences.length);
    }),
    RUNS,
  );
});

test('in every order, also with workers that die, the next sweep after the lease brings everything to its end', async () => {
  const crashes = fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), commits, crashes, async (scheduler, pushes, crashing) => {
      const { store, scheduled, clock } = await scheduledStore(scheduler);
      const { push } = workers(scheduled, new Set(crashing));
      await scheduler.waitFor(Promise.all(pushes.map(push)));

      await clock.advance(LEASE_SECONDS * 1000);
      const { desiredRevision = '', desiredSeq } = (await store.application('shop')) ?? { desiredSeq: 0 };
      const swept = await store.request('shop', { revision: desiredRevision, trigger: { kind: 'sweep' } });
      const isOpen = (await store.operation('shop', desiredSeq))?.phase !== 'done';
      expect(swept).toEqual({ seq: desiredSeq, start: isOpen, alreadyAsked: true });
      if (swept.start) await workers(store).run(swept.seq);
      await everythingEnded(store);
    }),
    RUNS,
  );
});

test('in every order, one operation run by two workers is written by the one with the higher fence only', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, scheduled } = await scheduledStore(scheduler);
      await store.request('shop', { revision: 'a', trigger: PUSH });
      const worker = async (mark: string) => {
        const lease = await leaseOf(scheduled, 1);
        const write = scheduled.putInventory(lease, anInventory(2, mark));
        return { mark, fence: lease.fence, failure: await failureOf(write) };
      };
      const results = await scheduler.waitFor(Promise.all(['-one', '-two'].map(worker)));
      const [winner, loser] = results.toSorted((a, b) => b.fence - a.fence);
      expect(winner?.failure).toBe('nothing failed');
      expect(['nothing failed', LEASE_LOST]).toContainEqual(loser?.failure);
      expect(await store.inventory('shop')).toEqual(anInventory(2, winner?.mark));
    }),
    RUNS,
  );
});

test('in every order, a reader of the inventory sees one that was put, never a mixture', async () => {
  const versions = [[], ...['-one', '-two', '-three'].map((mark, i) => anInventory(i + 1, mark))];
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { store, scheduled } = await scheduledStore(scheduler);
      await store.request('shop', { revision: 'a', trigger: PUSH });
      const lease = await leaseOf(store, 1);
      const writer = async () => {
        for (const version of versions) await scheduled.putInventory(lease, version);
      };
      const reader = async () => {
        for (let i = 0; i < 4; i += 1) expect(versions).toContainEqual(await scheduled.inventory('shop'));
      };
      await scheduler.waitFor(Promise.all([writer(), reader()]));
    }),
    RUNS,
  );
});
